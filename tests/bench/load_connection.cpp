#include "tests/bench/load_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kommpass::bench {
namespace {

constexpr std::size_t first_buffer = 16 * 1024;

char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return to_lower(x) == to_lower(y);
           });
}

template <class Number>
Number number_in(std::string_view text) noexcept {
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string_view answer::header(std::string_view name) const noexcept {
    auto rest = head;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\r\n"), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !same_name(line.substr(0, colon), name)) continue;
        auto value = line.substr(colon + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        return value;
    }
    return {};
}

load_connection::load_connection(const load& what, std::unique_ptr<script> says)
    : what_(what), script_(std::move(says)), received_(first_buffer, '\0') {
    if (what.tls) context_.reset(::SSL_CTX_new(::TLS_client_method()));
}

load_connection::~load_connection() { close(); }

void load_connection::close() noexcept {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

void load_connection::open(int epoll) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(what_.port);
    ::inet_pton(AF_INET, what_.address.c_str(), &to.sin_addr);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("cannot connect to port " + std::to_string(what_.port) + ": " +
                                 std::strerror(errno));
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (what_.tls) handshake();
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = this;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket_, &event);
}

void load_connection::handshake() {
    tls_.reset(::SSL_new(context_.get()));
    ::SSL_set_fd(tls_.get(), socket_);
    if (::SSL_connect(tls_.get()) != 1) throw std::runtime_error("TLS handshake failed");
}

void load_connection::begin() { send_next(); }

void load_connection::send_next() {
    unsent_ = script_->next_request();
    if (!in_journey_) began_ = std::chrono::steady_clock::now();
    in_journey_ = true;
    // Requests are small: what does not fit into the socket's buffer at once is waited for.
    while (!unsent_.empty() && !send_rest()) {
        pollfd ready{socket_, POLLOUT, 0};
        ::poll(&ready, 1, 1000);
    }
}

// False if the socket takes no more now.
bool load_connection::send_rest() {
    long sent = 0;
    if (tls_) {
        sent = ::SSL_write(tls_.get(), unsent_.data(), static_cast<int>(unsent_.size()));
    } else {
        sent = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    }
    if (sent > 0) unsent_.remove_prefix(static_cast<std::size_t>(sent));
    if (sent <= 0 && !tls_ && errno != EAGAIN) unsent_ = {};  // the next read tells of it
    return sent > 0;
}

load_connection::reading load_connection::receive() {
    while (true) {
        if (size_ == received_.size()) received_.resize(received_.size() * 2);
        const auto space = received_.size() - size_;
        long got = 0;
        if (tls_) {
            got = ::SSL_read(tls_.get(), received_.data() + size_, static_cast<int>(space));
            if (got <= 0) {
                const auto why = ::SSL_get_error(tls_.get(), static_cast<int>(got));
                return why == SSL_ERROR_WANT_READ ? reading::more : reading::closed;
            }
        } else {
            got = ::recv(socket_, received_.data() + size_, space, 0);
            if (got == 0) return reading::closed;
            if (got < 0) return errno == EAGAIN ? reading::more : reading::closed;
        }
        size_ += static_cast<std::size_t>(got);
        if (!tls_ && static_cast<std::size_t>(got) < space) return reading::more;
    }
}

std::size_t load_connection::complete_answer(answer& into) const noexcept {
    const std::string_view bytes(received_.data(), size_);
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos || end < 12) return 0;
    into.head = bytes.substr(0, end + 2);
    into.status = number_in<unsigned>(into.head.substr(9, 3));
    const auto length = number_in<std::size_t>(into.header("content-length"));
    if (bytes.size() < end + 4 + length) return 0;
    into.body = bytes.substr(end + 4, length);
    return end + 4 + length;
}

void load_connection::go_on(int epoll, tally& to) {
    const auto state = receive();
    answer got;
    while (const auto length = complete_answer(got)) {
        ++to.requests;
        const auto now = script_->answered(got);
        if (now == outcome::failed) return fail(epoll, to, got.head);
        if (now == outcome::journey_done) {
            ++to.journeys;
            to.of_journeys.add(std::chrono::steady_clock::now() - began_);
            in_journey_ = false;
        }
        const bool says_goodbye = same_name(got.header("connection"), "close");
        std::memmove(received_.data(), received_.data() + length, size_ - length);
        size_ -= length;
        if (says_goodbye) {
            close();
            open(epoll);
        }
        send_next();
    }
    if (state == reading::closed) fail(epoll, to, "the connection was closed");
}

void load_connection::fail(int epoll, tally& to, std::string_view why) {
    ++to.failures;
    if (to.first_failure.empty()) to.first_failure = why.substr(0, 500);
    close();
    size_ = 0;
    in_journey_ = false;
    open(epoll);
    send_next();
}

}  // namespace kommpass::bench
