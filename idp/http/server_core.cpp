#include "idp/http/server_core.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace kommpass::idp::http {
namespace {

constexpr std::chrono::milliseconds longest_tick{250};
constexpr std::chrono::milliseconds shortest_tick{5};

// Deadlines are kept to within a fifth of themselves, or a quarter of a second.
std::chrono::milliseconds tick_for(const config::limits& limits) {
    return std::clamp(std::min(limits.request_timeout, limits.idle_timeout) / 5, shortest_tick,
                      longest_tick);
}

}  // namespace

server_core::server_core(boost::asio::io_context& io, std::shared_ptr<shared_listener> where,
                         const config::settings& settings, const router& routes,
                         server_options options)
    : limits(settings.limit),
      dispatch(routes, std::move(options.on_error), options.log),
      base(settings.issuer),
      security(where->has_tls() || settings.issuer.starts_with("https://")),
      proxies(settings.trusted_proxies),
      certificate_header(settings.mtls.header),
      listener(std::move(where)),
      ids(options.random),
      timer_(io),
      tick_length_(tick_for(settings.limit)),
      time_(options.time),
      observer_(std::move(options.observer)) {
    date_second_ = to_unix_seconds(time_.now());
    date_ = http_date(date_second_);
}

void server_core::enter(watched_connection& connection) {
    connections_.push_back(connection);
    ++count_;
}

void server_core::leave() noexcept {
    --count_;
    listener->give_back_connection();
    end_if_empty();
}

std::uint64_t server_core::tick_after(std::chrono::milliseconds wait) const noexcept {
    // One more, since the tick at hand has partly passed.
    return tick_ + static_cast<std::uint64_t>(wait / tick_length_) + 1;
}

void server_core::tell(const request& asked, const router::route* route, unsigned status,
                       std::size_t bytes, std::chrono::steady_clock::time_point began) const {
    if (!observer_) return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    observer_({&asked, route, status, bytes, took});
}

void server_core::start_sweeping() {
    timer_.expires_after(tick_length_);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        const auto self = weak.lock();
        // A tick that was due already when the timer was cancelled comes all the same.
        if (ec || !self || self->swept_out_) return;
        self->sweep();
        self->start_sweeping();
    });
}

void server_core::sweep() {
    ++tick_;
    for (auto& connection : connections_) {
        if (connection.is_overdue(tick_)) connection.expire();
    }
    if (const auto second = to_unix_seconds(time_.now()); second != date_second_) {
        date_second_ = second;
        date_ = http_date(second);
    }
}

void server_core::stop(std::function<void()> done) {
    stopping_ = true;
    done_ = std::move(done);
    for (auto& connection : connections_) connection.end_if_idle();
    end_if_empty();
}

void server_core::close_all() noexcept {
    stopping_ = true;
    swept_out_ = true;
    timer_.cancel();
    for (auto& connection : connections_) connection.close();
}

void server_core::end_if_empty() {
    if (!stopping_ || count_ > 0 || !done_) return;
    swept_out_ = true;
    timer_.cancel();
    boost::asio::post(timer_.get_executor(), std::exchange(done_, nullptr));
}

}  // namespace kommpass::idp::http
