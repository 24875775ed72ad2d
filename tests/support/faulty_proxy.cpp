#include "tests/support/faulty_proxy.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>

namespace kommpass::tests {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {
tcp::endpoint loopback(std::uint16_t port) {
    return {boost::asio::ip::address_v4::loopback(), port};
}
}  // namespace

// One connection and its way to the server; ends when either side does.
class faulty_proxy::relay : public std::enable_shared_from_this<relay> {
public:
    relay(tcp::socket client, std::atomic<mood>& mood, unsigned number,
          std::atomic<unsigned>& forgotten)
        : client_(std::move(client)),
          server_(client_.get_executor()),
          mood_(mood),
          number_(number),
          forgotten_(forgotten) {}

    void start(std::uint16_t server_port) {
        error_code refused;
        server_.connect(loopback(server_port), refused);
        if (refused) return;
        client_.set_option(tcp::no_delay(true));
        server_.set_option(tcp::no_delay(true));
        pass_requests();
        pass_answers();
    }

private:
    void pass_requests() {
        client_.async_read_some(boost::asio::buffer(requests_),
                                [self = shared_from_this()](error_code error, std::size_t size) {
                                    const bool passes = self->number_ > self->forgotten_;
                                    if (!error && passes)
                                        boost::asio::write(
                                            self->server_,
                                            boost::asio::buffer(self->requests_, size), error);
                                    if (error) return self->end();
                                    self->pass_requests();
                                });
    }
    void pass_answers() {
        server_.async_read_some(boost::asio::buffer(answers_),
                                [self = shared_from_this()](error_code error, std::size_t size) {
                                    if (!error) self->pass_on(size, error);
                                    if (error) return self->end();
                                    self->pass_answers();
                                });
    }
    void pass_on(std::size_t size, error_code& error) {
        const auto now = mood_.load();
        if (now == mood::garbles) {
            boost::asio::write(
                client_, boost::asio::buffer(std::string_view("SSH-2.0-nonsense\r\n")), error);
            return;
        }
        const auto sent = now == mood::cuts ? size / 2 : size;
        boost::asio::write(client_, boost::asio::buffer(answers_, sent), error);
        if (now == mood::cuts) error = boost::asio::error::connection_reset;
    }
    void end() {
        error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
    }

    tcp::socket client_;
    tcp::socket server_;
    std::atomic<mood>& mood_;
    unsigned number_;
    std::atomic<unsigned>& forgotten_;
    std::array<char, 16 * 1024> requests_{};
    std::array<char, 16 * 1024> answers_{};
};

faulty_proxy::faulty_proxy(std::uint16_t server_port)
    : acceptor_(io_, loopback(0)),
      server_port_(server_port),
      port_(acceptor_.local_endpoint().port()) {
    accept_next();
    thread_ = std::thread([this] { io_.run(); });
}

faulty_proxy::~faulty_proxy() {
    io_.stop();
    thread_.join();
}

void faulty_proxy::accept_next() {
    acceptor_.async_accept([this](error_code error, tcp::socket client) {
        if (error) return;
        std::make_shared<relay>(std::move(client), mood_, ++made_, forgotten_)->start(server_port_);
        accept_next();
    });
}

}  // namespace kommpass::tests
