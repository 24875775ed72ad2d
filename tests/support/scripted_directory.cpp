#include "tests/support/scripted_directory.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace kommpass::tests {
namespace ber {

std::string tlv(unsigned char tag, const std::string& content) {
    std::string all(1, static_cast<char>(tag));
    const auto size = content.size();
    if (size < 0x80) {
        all += static_cast<char>(size);
    } else {
        all += '\x84';
        for (int shift = 24; shift >= 0; shift -= 8) all += static_cast<char>(size >> shift & 0xff);
    }
    return all + content;
}

std::string integer(unsigned char tag, int value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return tlv(tag, bytes);
}

std::string message(int id, const std::string& operation) {
    return tlv(0x30, integer(0x02, id) + operation);
}

std::string search_entry(int id, const std::string& dn, const attributes& all) {
    std::string list;
    for (const auto& [name, values] : all) {
        std::string set;
        for (const auto& value : values) set += tlv(0x04, value);
        list += tlv(0x30, tlv(0x04, name) + tlv(0x31, set));
    }
    return message(id, tlv(0x64, tlv(0x04, dn) + tlv(0x30, list)));
}

namespace {
std::string result(int code) { return integer(0x0a, code) + tlv(0x04, "") + tlv(0x04, ""); }
}  // namespace

std::string search_done(int id, int code) { return message(id, tlv(0x65, result(code))); }
std::string bind_response(int id, int code) { return message(id, tlv(0x61, result(code))); }
std::string search_reference(int id, const std::string& url) {
    return message(id, tlv(0x73, tlv(0x04, url)));
}
std::string notice_of_disconnection() {
    return message(0, tlv(0x78, result(52) + tlv(0x8a, "1.3.6.1.4.1.1466.20036")));
}

}  // namespace ber

namespace {

// Reads one LDAPMessage; false at the end of the connection.
bool read_request(int fd, scripted_directory::request& read) {
    const auto take = [&](std::size_t size) {
        std::string bytes(size, '\0');
        const auto got = ::recv(fd, bytes.data(), size, MSG_WAITALL);
        return got == static_cast<ssize_t>(size) ? bytes : std::string();
    };
    const auto head = take(2);
    if (head.empty()) return false;
    std::size_t size = static_cast<unsigned char>(head[1]);
    if (size >= 0x80) {
        const auto more = take(size & 0x7f);
        if (more.empty()) return false;
        size = 0;
        for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    const auto body = take(size);
    if (body.size() < 4) return false;
    read.bytes = body;
    const auto id_size = static_cast<std::size_t>(body[1]);
    read.id = 0;
    for (std::size_t i = 0; i < id_size; ++i)
        read.id = read.id << 8 | static_cast<unsigned char>(body[2 + i]);
    read.operation = static_cast<unsigned char>(body[2 + id_size]);
    return true;
}

}  // namespace

scripted_directory::scripted_directory(script first) : script_(std::move(first)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0)
        throw std::runtime_error("no port for the scripted directory");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
}

scripted_directory::~scripted_directory() {
    stopped_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int one : open_) ::shutdown(one, SHUT_RDWR);
    }
    for (auto& one : threads_) one.join();
    ::close(listener_);
}

void scripted_directory::change(script next) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(next);
}

void scripted_directory::accept_all() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (stopped_ || connection < 0) {
            if (connection >= 0) ::close(connection);
            return;
        }
        const std::lock_guard lock(mutex_);
        open_.insert(connection);
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

scripted_directory::reply scripted_directory::answer_to(const request& asked) {
    const std::lock_guard lock(mutex_);
    return script_(asked);
}

void scripted_directory::serve(int connection) {
    request asked;
    while (!stopped_ && read_request(connection, asked)) {
        const auto answer = answer_to(asked);
        send(connection, answer);
        if (answer.close) break;
    }
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
    ::close(connection);
}

void scripted_directory::send(int connection, const reply& answer) {
    const int on = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::size_t step = answer.byte_by_byte ? 1 : answer.bytes.size();
    bool alive = true;
    do {
        for (std::size_t at = 0; at < answer.bytes.size() && alive; at += step)
            alive = ::send(connection, answer.bytes.data() + at, step, MSG_NOSIGNAL) >= 0;
    } while (answer.without_end && alive && !stopped_);
}

}  // namespace kommpass::tests
