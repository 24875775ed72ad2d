#include "tests/support/postgresql_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string_view>
#include <vector>

namespace kommpass::tests {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t big_endian(std::string_view four) {
    std::size_t value = 0;
    for (const char c : four.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
}

// The first whole message of `bytes`; empty: it is not there yet.
std::string_view first_message(std::string_view bytes, bool has_type) {
    const std::size_t type = has_type ? 1 : 0;
    if (bytes.size() < type + 4) return {};
    const auto size = type + big_endian(bytes.substr(type));
    return bytes.size() < size ? std::string_view() : bytes.substr(0, size);
}

// Parse: a statement's name, then its text.
bool is_commit(std::string_view message) {
    using namespace std::string_view_literals;
    return message.front() == 'P' && message.substr(5).starts_with("\0COMMIT\0"sv);
}

bool is_sync(std::string_view message) { return message.front() == 'S'; }

bool is_committed(std::string_view message) {
    using namespace std::string_view_literals;
    return message.front() == 'C' && message.substr(5) == "COMMIT\0"sv;
}

}  // namespace

postgresql_proxy::postgresql_proxy(std::uint16_t server_port) : server_port_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0)
        throw std::runtime_error("the proxy cannot listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

postgresql_proxy::~postgresql_proxy() {
    ::close(wake_[1]);
    thread_.join();
    ::close(wake_[0]);
    ::close(listener_);
    for (auto& [client, one] : relays_) close(one);
}

void postgresql_proxy::close(relay& one) {
    ::close(one.client);
    ::close(one.server);
}

void postgresql_proxy::run() {
    for (;;) {
        std::vector<pollfd> watched{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const auto& [client, one] : relays_) {
            watched.push_back({one.client, POLLIN, 0});
            watched.push_back({one.server, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), 5);
        if (watched[0].revents != 0) return;
        if (hangs_up_) {
            for (auto& [client, one] : relays_) close(one);
            relays_.clear();
            hangs_up_ = false;
            continue;
        }
        for (std::size_t at = 2; at < watched.size(); at += 2) {
            const auto found = relays_.find(watched[at].fd);
            bool alive = true;
            if (watched[at].revents != 0) alive = pass_on(found->second, true);
            if (alive && watched[at + 1].revents != 0) alive = pass_on(found->second, false);
            if (alive) continue;
            close(found->second);
            relays_.erase(found);
        }
        if (watched[1].revents != 0) accept_one();
    }
}

void postgresql_proxy::accept_one() {
    relay one;
    one.client = ::accept(listener_, nullptr, nullptr);
    if (one.client < 0) return;
    ++made_;
    one.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    if (::connect(one.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return close(one);
    relays_.emplace(one.client, std::move(one));
}

bool postgresql_proxy::pass_on(relay& one, bool client_side) {
    char buffer[65536];
    const auto count = ::recv(client_side ? one.client : one.server, buffer, sizeof buffer, 0);
    if (swallows_) one.swallowed = true;
    if (one.swallowed) {
        if (count > 0) return true;
        // An end that we saw is not told either.
        return !client_side ? (::poll(nullptr, 0, 1), true) : false;
    }
    if (count <= 0) return false;
    (client_side ? one.from_client : one.from_server)
        .append(buffer, static_cast<std::size_t>(count));
    return client_side ? forward_client(one) : forward_server(one);
}

bool postgresql_proxy::forward_client(relay& one) {
    for (;;) {
        const auto message = first_message(one.from_client, one.started);
        if (message.empty()) return true;
        if (one.started && is_commit(message)) {
            const auto what = next_.exchange(cut::nothing);
            if (what == cut::before_commit) return false;
            one.at_answer = what;
        }
        if (!send_all(one.server, message)) return false;
        const bool whole = one.started && is_sync(message);
        one.started = true;
        one.from_client.erase(0, message.size());
        if (whole && one.at_answer == cut::behind_commit) return false;
    }
}

bool postgresql_proxy::forward_server(relay& one) {
    for (;;) {
        const auto message = first_message(one.from_server, true);
        if (message.empty()) return true;
        if (one.at_answer == cut::before_answer && is_committed(message)) return false;
        if (!send_all(one.client, message)) return false;
        one.from_server.erase(0, message.size());
    }
}

}  // namespace kommpass::tests
