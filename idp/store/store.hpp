#pragma once

#include "config/vocabulary/result.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace kommpass::idp::store {

class transaction;

enum class store_error {
    unavailable,  // the engine failed (disk full, file gone; the log says what) or was stopped.
                  // Nothing of the work was kept
    overloaded,   // the bound on waiting work is reached
};

inline std::ostream& operator<<(std::ostream& out, store_error error) {
    return out << (error == store_error::overloaded ? "overloaded" : "unavailable");
}

// Counts since the start.
struct store_statistics {
    std::uint64_t writes = 0;    // units of work that were acknowledged
    std::uint64_t commits = 0;   // durable commits that carried them
    std::uint64_t reads = 0;     // units of work that were answered
    std::uint64_t refused = 0;   // units that met the bound on waiting work
    std::uint64_t failures = 0;  // batches that the engine lost
    std::size_t waiting = 0;     // units that wait now
};

// Thrown inside a unit of work by an engine; never leaves the store.
class engine_failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What an engine runs on its thread. It calls `finish` with `unavailable` where `perform` threw
// last: the unit itself remembers the exception and hands it to who waits.
struct unit {
    virtual ~unit() = default;
    virtual void perform(transaction&) = 0;               // may run more than once
    virtual void finish(std::optional<store_error>) = 0;  // exactly once; resumes who waits
};

// Where runtime state lives. Safe to use from every thread. Work runs on the engine's own threads:
// a `write` on its one writer, grouped with other waiting writes into one durable commit; a `read`
// on a reader that sees everything that was acknowledged before. The coroutine resumes on its own
// executor, for a write only after the commit is on disk. Work must be short and must not touch
// what its thread does not own; an engine may run it again after a conflict, so it changes nothing
// but the transaction and its own captures. What it throws (a bug) undoes this unit alone and comes
// out of the `co_await`.
//
//     auto ended = co_await store.write([id](transaction& t) { return t.sessions().end(id); });
//
// Order of ending: a unit that waits refers to the frame of the coroutine that awaits it. So no
// io_context is destroyed while work waits: call `stop()`, then run each io_context until it is
// out of work, then destroy them, the store last.
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

    // The same for the command line, which has no executor: blocks the calling thread. Never from
    // inside a unit of work.
    virtual result<void, store_error> write_now(const std::function<void(transaction&)>&) = 0;
    virtual result<void, store_error> read_now(const std::function<void(transaction&)>&) = 0;

    // Performs all that waits, makes it durable, resumes who waits for it, and ends the engine's
    // threads. Work that comes later gets `unavailable`. A second call does nothing.
    virtual void stop() = 0;

    [[nodiscard]] virtual store_statistics statistics() const = 0;

protected:
    enum class kind { read, write };
    // Takes the unit for an engine thread; a refusal is a `finish` on the calling thread.
    virtual void submit(std::unique_ptr<unit>, kind) = 0;

private:
    template <class Work>
    boost::asio::awaitable<result<std::invoke_result_t<Work&, transaction&>, store_error>> run(
        Work work, kind k);
};

}  // namespace kommpass::idp::store

#include "idp/store/run_unit.ipp"
