#include "tests/idp/http/live_server.hpp"

#include "idp/http/header_grammar.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kommpass::tests {

std::string http_answer::header(std::string_view name) const {
    std::string_view rest = head;
    while (!rest.empty()) {
        const auto end = std::min(rest.find("\r\n"), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        if (equals_ignoring_case(line.substr(0, colon), name)) {
            return std::string(idp::http::trimmed(line.substr(colon + 1)));
        }
    }
    return {};
}

raw_client::raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval longest{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        ::close(socket_);
        throw std::runtime_error("cannot connect");
    }
}

raw_client::~raw_client() { ::close(socket_); }

void raw_client::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return;  // the server has closed; what it said can still be read
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void raw_client::end_sending() const { ::shutdown(socket_, SHUT_WR); }

bool raw_client::receive() {
    std::array<char, 16384> bytes;
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EAGAIN)
        throw std::runtime_error("the server neither answers nor closes");
    if (got <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

std::optional<http_answer> raw_client::read(bool to_head) {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive()) return std::nullopt;
    }
    http_answer answer;
    answer.head = received_.substr(0, end + 2);
    answer.status = static_cast<unsigned>(std::stoul(answer.head.substr(9, 3)));
    const auto length = answer.header("Content-Length");
    const auto size = length.empty() || to_head ? 0 : std::stoul(length);
    while (received_.size() < end + 4 + size) {
        if (!receive()) return std::nullopt;
    }
    answer.body = received_.substr(end + 4, size);
    received_.erase(0, end + 4 + size);
    return answer;
}

bool raw_client::is_closed() {
    while (receive()) continue;
    return received_.empty();
}

config::settings live_options::quick_settings() {
    config::settings settings;
    settings.issuer = "https://idp.example";
    settings.listen = {"127.0.0.1", 0, false, {}, {}};
    return settings;
}

memory_file::memory_file() : descriptor_(::memfd_create("test", MFD_CLOEXEC)) {}
memory_file::~memory_file() { ::close(descriptor_); }

std::string memory_file::text() const {
    std::string all(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
    const auto got = ::pread(descriptor_, all.data(), all.size(), 0);
    all.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return all;
}

live_server::live_server(live_options options)
    : options_(std::move(options)),
      log_(config::log_format::logfmt, config::log_level::debug, time_, log_file_.descriptor()),
      listener_(std::make_shared<idp::http::shared_listener>(options_.settings.listen,
                                                             options_.connections)) {}

void live_server::start() {
    server_ =
        idp::http::server::listen(io_, listener_, options_.settings, routes,
                                  {time_, random_, log_, options_.observer, options_.on_error});
    thread_ = std::thread([this] { io_.run(); });
}

live_server::~live_server() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
}

std::future<void> live_server::stop() {
    auto stopped = std::make_shared<std::promise<void>>();
    server_->stop([stopped] { stopped->set_value(); });
    return stopped->get_future();
}

std::string live_server::logged() {
    log_.flush();
    return log_file_.text();
}

http_answer live_server::ask(std::string_view bytes) {
    raw_client client(port());
    client.send(bytes);
    auto answer = client.read();
    if (!answer) throw std::runtime_error("no answer");
    return *std::move(answer);
}

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: idp.example\r\n\r\n";
}

}  // namespace kommpass::tests
