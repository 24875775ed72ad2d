#pragma once

#include "idp/http/base_path.hpp"
#include "idp/http/connection_watch.hpp"
#include "idp/http/dispatcher.hpp"
#include "idp/http/forwarded.hpp"
#include "idp/http/request_ids.hpp"
#include "idp/http/request_reader.hpp"
#include "idp/http/response_head.hpp"
#include "idp/http/security_headers.hpp"
#include "idp/http/server.hpp"

#include <boost/asio/steady_timer.hpp>

namespace kommpass::idp::http {

// What the connections of one server share. Lives on one I/O thread; kept alive by the server and
// by each connection.
class server_core : public std::enable_shared_from_this<server_core> {
public:
    server_core(boost::asio::io_context&, std::shared_ptr<shared_listener>, const config::settings&,
                const router&, server_options);

    // --- for connections
    void enter(watched_connection&);
    void leave() noexcept;  // the connection is gone
    [[nodiscard]] std::uint64_t tick_after(std::chrono::milliseconds) const noexcept;
    [[nodiscard]] bool is_stopping() const noexcept { return stopping_; }
    [[nodiscard]] bool ends_after_answer() const noexcept { return leaving_ || stopping_; }
    void tell(const request&, const router::route*, unsigned status, std::size_t bytes,
              std::chrono::steady_clock::time_point began) const;

    const config::limits& limits;
    const dispatcher dispatch;
    const base_path base;
    const security_headers security;
    const trusted_proxies proxies;
    const std::string certificate_header;  // in lower case; empty: none
    const std::shared_ptr<shared_listener> listener;
    request_ids ids;
    [[nodiscard]] const std::string& date() const noexcept { return date_; }

    // --- for the server
    void start_sweeping();
    void begin_leaving() noexcept { leaving_ = true; }
    void stop(std::function<void()> done);
    void close_all() noexcept;

private:
    void sweep();
    void end_if_empty();

    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds tick_length_;
    std::uint64_t tick_ = 0;
    const clock& time_;
    const answer_observer observer_;
    std::string date_;
    long long date_second_ = 0;
    watched_connections connections_;
    std::size_t count_ = 0;
    bool leaving_ = false;
    bool stopping_ = false;
    bool swept_out_ = false;  // no further tick
    std::function<void()> done_;
};

}  // namespace kommpass::idp::http
