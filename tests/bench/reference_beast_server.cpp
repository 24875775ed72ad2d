#include "tests/bench/reference_beast_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <thread>
#include <vector>

#include <sys/socket.h>

namespace kommpass::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket socket, const std::string& json) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code ec;
    while (true) {
        http::request<http::string_body> request;
        co_await http::async_read(socket, buffer, request,
                                  asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return;
        http::response<http::string_body> response(http::status::ok, request.version());
        response.set(http::field::content_type, "application/json");
        response.keep_alive(request.keep_alive());
        response.body() = json;
        response.prepare_payload();
        co_await http::async_write(socket, response, asio::redirect_error(asio::use_awaitable, ec));
        if (ec || !response.keep_alive()) co_return;
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, const std::string& json) {
    while (true) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), json), asio::detached);
    }
}

struct io_thread {
    io_thread(std::uint16_t port, const std::string& json) : acceptor(io) {
        acceptor.open(tcp::v4());
        const int on = 1;
        ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
        acceptor.bind({asio::ip::address_v4::loopback(), port});
        acceptor.listen();
        asio::co_spawn(io, accept(acceptor, json), asio::detached);
    }
    asio::io_context io{1};
    tcp::acceptor acceptor;
    std::thread thread;
};

}  // namespace

struct reference_beast_server::parts {
    std::string json;
    std::vector<std::unique_ptr<io_thread>> threads;
};

reference_beast_server::reference_beast_server(unsigned threads, std::string json)
    : parts_(std::make_unique<parts>()) {
    parts_->json = std::move(json);
    for (unsigned i = 0; i < threads; ++i) {
        parts_->threads.push_back(std::make_unique<io_thread>(i == 0 ? 0 : port(), parts_->json));
    }
    for (auto& one : parts_->threads) {
        one->thread = std::thread([&io = one->io] { io.run(); });
    }
}

reference_beast_server::~reference_beast_server() {
    for (auto& one : parts_->threads) one->io.stop();
    for (auto& one : parts_->threads) one->thread.join();
}

std::uint16_t reference_beast_server::port() const noexcept {
    return parts_->threads.front()->acceptor.local_endpoint().port();
}

}  // namespace kommpass::bench
