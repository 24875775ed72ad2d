#pragma once

#include "config/settings.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace boost::asio::ssl {
class context;
}

namespace kommpass::idp::http {

// What the servers of one listener have in common over all I/O threads: address and port, the
// certificate (one TLS context, so that a session ticket is good on every thread), and the bound on
// connections. Thread-safe.
class shared_listener {
public:
    // Throws std::runtime_error naming address and remedy if another process has the port, or if
    // the certificate cannot be read.
    shared_listener(config::listener, std::size_t most_connections);
    ~shared_listener();

    // Reads certificate and key again, for connections from now on. Throws std::runtime_error if
    // they cannot be read or do not fit together; the old ones then stay in use.
    void reload_certificate();

    [[nodiscard]] const boost::asio::ip::tcp::endpoint& endpoint() const noexcept {
        return endpoint_;
    }
    [[nodiscard]] bool has_tls() const noexcept { return settings_.tls; }
    [[nodiscard]] bool asks_for_certificate() const noexcept {
        return settings_.asks_for_certificate;
    }
    // Null without TLS.
    [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> tls() const;

    // Takes one of the connections there may be at a time; false if all are taken.
    [[nodiscard]] bool take_connection() noexcept;
    void give_back_connection() noexcept;
    [[nodiscard]] std::size_t open_connections() const noexcept {
        return open_.load(std::memory_order_relaxed);
    }

    // A new socket that listens here, beside those that do already (SO_REUSEPORT). Throws
    // std::runtime_error.
    [[nodiscard]] boost::asio::ip::tcp::acceptor listen(boost::asio::io_context&) const;

private:
    void find_out_port();

    config::listener settings_;
    boost::asio::ip::tcp::endpoint endpoint_;
    // Holds the port between its choice and the last server's end, so that nobody else gets it.
    int reserved_ = -1;
    const std::size_t most_connections_;
    std::atomic<std::size_t> open_{0};
    mutable std::mutex tls_mutex_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
};

// Whether something listens at this address and port already. Never listens itself.
[[nodiscard]] bool is_taken(const config::listener&);

}  // namespace kommpass::idp::http
