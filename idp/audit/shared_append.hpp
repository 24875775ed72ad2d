#pragma once

#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace kommpass::idp::audit {

// Appends of one I/O thread, gathered: while one unit of work is under way, the records that come
// meanwhile wait and go together in the next. Whoever appends goes on once the record is durable,
// as with a unit of its own, but a hop to the store's thread and back is paid once for all of them.
// One I/O thread only.
class shared_append {
public:
    shared_append(boost::asio::io_context& io, store::store& memory) : io_(io), memory_(memory) {}
    shared_append(const shared_append&) = delete;

    // True once the record is durable; false if the store did not take it.
    [[nodiscard]] boost::asio::awaitable<bool> append(store::audit_record);

private:
    struct batch {
        explicit batch(boost::asio::io_context& io)
            : done(io, boost::asio::steady_timer::time_point::max()) {}
        std::vector<store::audit_record> records;
        boost::asio::steady_timer done;
        bool durable = false;
    };
    boost::asio::awaitable<void> write_until_empty();

    boost::asio::io_context& io_;
    store::store& memory_;
    std::shared_ptr<batch> next_;
    bool writing_ = false;
};

}  // namespace kommpass::idp::audit
