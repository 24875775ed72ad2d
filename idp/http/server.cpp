#include "idp/http/server.hpp"

#include "idp/http/connection.hpp"
#include "idp/observe/log.hpp"

#include <boost/asio/post.hpp>

namespace kommpass::idp::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view overloaded =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    "Content-Length: 0\r\n\r\n";
// After an accept that failed for want of descriptors or memory.
constexpr std::chrono::milliseconds pause_after_failure{100};

// Accepts until it is closed. Kept alive by its pending accept.
class acceptor : public std::enable_shared_from_this<acceptor> {
public:
    acceptor(asio::io_context& io, std::shared_ptr<server_core> core, observe::log& log)
        : core_(std::move(core)), socket_(core_->listener->listen(io)), pause_(io), log_(log) {}

    void accept_next() {
        socket_.async_accept(
            [self = shared_from_this()](boost::system::error_code ec, tcp::socket accepted) {
                self->after_accept(ec, std::move(accepted));
            });
    }

    void close() noexcept {
        boost::system::error_code ignored;
        socket_.close(ignored);
        pause_.cancel();
    }

private:
    void after_accept(boost::system::error_code ec, tcp::socket accepted) {
        if (!socket_.is_open()) return;
        if (ec == asio::error::connection_aborted) return accept_next();
        if (ec) return try_again_later(ec);
        const auto peer = accepted.remote_endpoint(ec);
        if (!ec && core_->listener->take_connection()) {
            serve(core_, std::move(accepted), without_mapping(peer.address()));
        } else if (!ec) {
            turn_away(std::move(accepted));
        }
        accept_next();
    }

    // Without a wait: there is nothing left to spend on this client. A TLS client would need a
    // handshake to read anything, and is closed.
    void turn_away(tcp::socket accepted) const {
        if (core_->listener->has_tls()) return;
        boost::system::error_code ec;
        accepted.non_blocking(true, ec);
        accepted.write_some(asio::buffer(overloaded), ec);
        accepted.shutdown(tcp::socket::shutdown_send, ec);
        std::array<char, 4096> thrown_away;
        while (!ec) accepted.read_some(asio::buffer(thrown_away), ec);
    }

    void try_again_later(boost::system::error_code why) {
        log_.warning("http.accept_failed", {{"reason", why.message()}});
        pause_.expires_after(pause_after_failure);
        pause_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
            if (!ec && self->socket_.is_open()) self->accept_next();
        });
    }

    const std::shared_ptr<server_core> core_;
    tcp::acceptor socket_;
    asio::steady_timer pause_;
    observe::log& log_;
};

class beast_server final : public server {
public:
    beast_server(asio::io_context& io, std::shared_ptr<shared_listener> where,
                 const config::settings& settings, const router& routes, server_options options)
        : io_(io),
          core_(std::make_shared<server_core>(io, std::move(where), settings, routes, options)),
          acceptor_(std::make_shared<acceptor>(io, core_, options.log)) {
        core_->start_sweeping();
        acceptor_->accept_next();
    }
    beast_server(const beast_server&) = delete;
    beast_server& operator=(const beast_server&) = delete;
    ~beast_server() override {
        acceptor_->close();
        core_->close_all();
    }

    std::uint16_t port() const noexcept override { return core_->listener->endpoint().port(); }

    void begin_leaving() override {
        asio::post(io_, [core = core_] { core->begin_leaving(); });
    }

    void stop(std::function<void()> done) override {
        asio::post(io_, [core = core_, accepting = acceptor_, done = std::move(done)]() mutable {
            accepting->close();
            core->stop(std::move(done));
        });
    }

private:
    asio::io_context& io_;
    const std::shared_ptr<server_core> core_;
    const std::shared_ptr<acceptor> acceptor_;
};

}  // namespace

std::unique_ptr<server> server::listen(asio::io_context& io, std::shared_ptr<shared_listener> where,
                                       const config::settings& settings, const router& routes,
                                       server_options options) {
    return std::make_unique<beast_server>(io, std::move(where), settings, routes,
                                          std::move(options));
}

}  // namespace kommpass::idp::http
