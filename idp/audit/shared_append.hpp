#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>

namespace kommpass::idp::store {
struct audit_record;
class store;
}  // namespace kommpass::idp::store

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
    struct batch;
    boost::asio::awaitable<void> write_until_empty();

    boost::asio::io_context& io_;
    store::store& memory_;
    std::shared_ptr<batch> next_;
    bool writing_ = false;
};

}  // namespace kommpass::idp::audit
