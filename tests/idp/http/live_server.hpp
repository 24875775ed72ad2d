#pragma once

#include "config/settings.hpp"
#include "idp/http/server.hpp"
#include "idp/observe/log.hpp"

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace kommpass::tests {

struct http_answer {
    unsigned status = 0;
    std::string head;
    std::string body;
    [[nodiscard]] std::string header(std::string_view name) const;  // of several, the first
};

// A client that sends exactly the bytes it is given. Every wait ends after ten seconds with a
// std::runtime_error.
class raw_client {
public:
    explicit raw_client(std::uint16_t port);
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;
    ~raw_client();

    void send(std::string_view bytes) const;
    void end_sending() const;
    // The next complete answer; nothing if the connection ends before one. `to_head`: it has no
    // body, whatever its Content-Length says.
    std::optional<http_answer> read(bool to_head = false);
    // Waits for the server to close; whether it sent nothing more before.
    bool is_closed();

private:
    bool receive();
    int socket_;
    std::string received_;
};

// A file in memory.
class memory_file {
public:
    memory_file();
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;
    ~memory_file();
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::string text() const;

private:
    int descriptor_;
};

// What a test sets before the server starts.
struct live_options {
    config::settings settings = quick_settings();
    std::size_t connections = 100;
    idp::http::answer_observer observer = {};
    idp::http::error_answer on_error = {};

    // No TLS, a port of the system's choice.
    static config::settings quick_settings();
};

// A server on its own I/O thread. Routes are added before `start`.
class live_server {
public:
    explicit live_server(live_options = {});
    live_server(const live_server&) = delete;
    live_server& operator=(const live_server&) = delete;
    ~live_server();

    idp::http::router routes;
    void start();
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    [[nodiscard]] idp::http::shared_listener& listener() { return *listener_; }
    [[nodiscard]] boost::asio::io_context& io() { return io_; }
    void begin_leaving() { server_->begin_leaving(); }
    // Becomes ready when the server has stopped by itself.
    std::future<void> stop();
    // What has been logged so far.
    std::string logged();
    // Sends one request on a connection of its own.
    http_answer ask(std::string_view bytes);

private:
    live_options options_;
    system_clock time_;
    system_randomness random_;
    memory_file log_file_;  // outlives the log that writes to it
    idp::observe::log log_;
    std::shared_ptr<idp::http::shared_listener> listener_;
    boost::asio::io_context io_{1};
    std::unique_ptr<idp::http::server> server_;
    std::thread thread_;
};

[[nodiscard]] std::string get(std::string_view path);

}  // namespace kommpass::tests
