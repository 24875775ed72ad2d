#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>

namespace kommpass::idp::http {

// What the sweep sees of a connection: what it waits for and until when. Deadlines count in ticks
// of the server's one coarse timer, so that setting one costs an assignment and no timer.
class watched_connection : public boost::intrusive::list_base_hook<
                               boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    enum class waiting {
        nothing,   // a handler is at work; it has deadlines of its own
        idle,      // between requests, or before the first byte of one
        request,   // for the rest of a request
        transfer,  // handshake, sending, taking leave
    };

    explicit watched_connection(boost::asio::ip::tcp::socket& socket) : socket_(socket) {}

    void wait_for(waiting what, std::uint64_t until_tick) noexcept {
        waiting_ = what;
        until_ = until_tick;
    }
    void wait_for_nothing() noexcept { waiting_ = waiting::nothing; }
    [[nodiscard]] bool is_overdue(std::uint64_t tick) const noexcept {
        return waiting_ != waiting::nothing && tick >= until_;
    }

    // Ends what is awaited. A half-read request is cancelled, so that it can still be answered
    // with 408; everything else is closed.
    void expire() noexcept;
    // Lets an idle connection end. One whose request has just arrived answers it first, as do all
    // that are not idle.
    void end_if_idle() noexcept;
    [[nodiscard]] bool is_expired() const noexcept { return expired_; }
    void close() noexcept;

private:
    boost::asio::ip::tcp::socket& socket_;
    waiting waiting_ = waiting::nothing;
    bool expired_ = false;
    std::uint64_t until_ = 0;
};

using watched_connections =
    boost::intrusive::list<watched_connection, boost::intrusive::constant_time_size<false>>;

}  // namespace kommpass::idp::http
