#include "directory/ldap_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kommpass::directory {
namespace {

using boost::asio::awaitable;
using steady = std::chrono::steady_clock;

int descriptor_of(LDAP* handle) {
    int fd = -1;
    ldap_get_option(handle, LDAP_OPT_DESC, &fd);
    return fd;
}

}  // namespace

ldap_connection::ldap_connection(boost::asio::io_context& io, ldap_handle handle,
                                 std::size_t replica, std::shared_ptr<replica_counters> counters)
    : io_(io),
      handle_(std::move(handle)),
      readable_(io, descriptor_of(handle_.get())),
      peer_(peer_of(readable_.native_handle())),
      replica_(replica),
      counters_(std::move(counters)) {
    counters_->connections.fetch_add(1, std::memory_order_relaxed);
}

ldap_connection::~ldap_connection() {
    close();
    counters_->connections.fetch_sub(1, std::memory_order_relaxed);
}

void ldap_connection::start() {
    auto self = shared_from_this();
    boost::asio::co_spawn(
        io_, [self]() -> awaitable<void> { co_await self->read_until_closed(); },
        boost::asio::detached);
}

awaitable<answered> ldap_connection::wait_for(int message_id, kind what, steady_time deadline,
                                              std::function<void(const feed_message&)> on_message) {
    const auto self = shared_from_this();
    const auto waiting = std::make_shared<pending>(io_);
    waiting->on_message = std::move(on_message);
    waiting_.emplace(message_id, waiting);
    const auto began = steady::now();
    counters_->in_flight.fetch_add(1, std::memory_order_relaxed);
    waiting->wake.expires_at(deadline);
    boost::system::error_code woken;
    co_await waiting->wake.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    counters_->in_flight.fetch_sub(1, std::memory_order_relaxed);
    if (waiting->finished) {
        if (waiting->answer.code != LDAP_SUCCESS) waiting->answer.server = counters_->url;
        if (what == kind::search) counters_->searches.observe(steady::now() - began);
        if (what == kind::bind) counters_->binds.observe(steady::now() - began);
        co_return std::move(waiting->answer);
    }
    if (waiting->lost) co_return operation_error::lost;
    waiting_.erase(message_id);
    if (is_open()) ldap_abandon_ext(handle_.get(), message_id, nullptr, nullptr);
    co_return operation_error::timeout;
}

awaitable<void> ldap_connection::read_until_closed() {
    while (is_open()) {
        boost::system::error_code error;
        co_await readable_.async_wait(
            boost::asio::posix::stream_descriptor::wait_read,
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (!is_open()) co_return;
        if (error || !drain()) {
            close();
            co_return;
        }
    }
}

// After one readable event several messages may be buffered already. False once the connection is
// at its end.
bool ldap_connection::drain() {
    while (is_open()) {
        timeval at_once{0, 0};
        LDAPMessage* received = nullptr;
        const int came =
            ldap_result(handle_.get(), LDAP_RES_ANY, LDAP_MSG_ONE, &at_once, &received);
        if (came == 0) return true;
        if (came < 0) return false;
        last_heard_ = steady::now();
        const owned_message owned(received);
        if (!take(received)) return false;
    }
    return false;
}

// False if the server says farewell: a notice of disconnection has the message id 0 (RFC
// 4511, 4.4.1).
bool ldap_connection::take(LDAPMessage* message) {
    const auto id = ldap_msgid(message);
    if (id == 0) return false;
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return true;  // abandoned
    const auto waiting = found->second;
    switch (ldap_msgtype(message)) {
        case LDAP_RES_SEARCH_ENTRY:
        case LDAP_RES_INTERMEDIATE:
            if (waiting->on_message)
                waiting->on_message(read_feed_message(handle_.get(), message));
            else if (ldap_msgtype(message) == LDAP_RES_SEARCH_ENTRY)
                waiting->bounds.add_entry(handle_.get(), message, waiting->answer);
            return true;
        case LDAP_RES_SEARCH_REFERENCE:
            return true;  // reported nowhere and never followed
        default:
            break;
    }
    read_result(handle_.get(), message, waiting->answer);
    waiting->finished = true;
    waiting_.erase(found);
    waiting->wake.cancel();
    return true;
}

ldap_connection::released ldap_connection::release() {
    if (is_open()) readable_.release();  // the handle keeps the descriptor
    return {std::move(handle_), replica_, counters_};
}

void ldap_connection::close() {
    if (!is_open()) return;
    readable_.release();  // the handle closes the descriptor
    handle_.reset();
    const auto lost = std::move(waiting_);
    waiting_.clear();
    for (const auto& [id, waiting] : lost) {
        waiting->lost = true;
        waiting->wake.cancel();
    }
}

}  // namespace kommpass::directory
