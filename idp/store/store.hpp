#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace kommpass::idp::store {

enum class store_error {
    unavailable,  // the engine failed (disk full, file gone); the log says what. Nothing of the
                  // work was kept
    overloaded,   // the bound on waiting work is reached
};

// Thrown inside a unit of work by an engine; never leaves the store.
class engine_failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Where runtime state lives. Safe to use from every thread. Work runs on the engine's own threads:
// a `write` on its one writer, grouped with other waiting writes into one durable commit; a `read`
// on a reader that sees everything that was acknowledged before. The coroutine resumes on its own
// executor, for a write only after the commit is on disk. Work must be short and must not touch
// what its thread does not own; an engine may run it again after a conflict, so it changes nothing
// but the transaction and its own captures.
//
//     auto ended = co_await store.write([id](transaction& t) { return t.sessions().end(id); });
class store {
public:
    virtual ~store() = default;

    template <class Work>
    auto write(Work work) {
        return run(std::move(work), kind::write);
    }
    template <class Work>
    auto read(Work work) {
        return run(std::move(work), kind::read);
    }

    // The same for the command line, which has no executor: blocks the calling thread.
    virtual result<void, store_error> write_now(const std::function<void(transaction&)>&) = 0;
    virtual result<void, store_error> read_now(const std::function<void(transaction&)>&) = 0;

protected:
    enum class kind { read, write };
    // Runs `work` on an engine thread, then calls `done` (on that thread) with nothing or the
    // error.
    struct unit {
        virtual ~unit() = default;
        virtual void perform(transaction&) = 0;               // may run more than once
        virtual void finish(std::optional<store_error>) = 0;  // exactly once; resumes who waits
    };
    virtual void submit(std::unique_ptr<unit>, kind) = 0;

private:
    template <class Work>
    boost::asio::awaitable<result<std::invoke_result_t<Work&, transaction&>, store_error>> run(
        Work work, kind k);
};

}  // namespace kommpass::idp::store

#include "idp/store/run_unit.ipp"
