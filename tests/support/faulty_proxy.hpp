#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace kommpass::tests {

// Stands in front of a real server on loopback, and spoils what that answers when told to. Runs on
// a thread of its own; ends with this object.
class faulty_proxy {
public:
    enum class mood {
        honest,
        cuts,     // sends half of an answer and hangs up
        garbles,  // sends what is no LDAP in place of it
    };

    explicit faulty_proxy(std::uint16_t server_port);
    ~faulty_proxy();
    faulty_proxy(const faulty_proxy&) = delete;

    void set(mood now) { mood_ = now; }
    // As a firewall that has forgotten them: nothing passes on the connections of now any more, and
    // nobody is told. New ones work.
    void forget_connections() { forgotten_ = made_.load(); }
    [[nodiscard]] unsigned connections_made() const { return made_; }
    [[nodiscard]] std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }

private:
    class relay;
    void accept_next();

    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t server_port_;
    std::uint16_t port_;
    std::atomic<mood> mood_{mood::honest};
    std::atomic<unsigned> made_{0};
    std::atomic<unsigned> forgotten_{0};
    std::thread thread_;
};

}  // namespace kommpass::tests
