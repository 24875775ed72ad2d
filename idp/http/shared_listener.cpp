#include "idp/http/shared_listener.hpp"

#include "idp/http/tls_context.hpp"

#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

namespace kommpass::idp::http {
namespace {

using boost::asio::ip::tcp;

[[noreturn]] void fail(const config::listener& settings, const std::string& why) {
    throw std::runtime_error("cannot listen on " + settings.address + " port " +
                             std::to_string(settings.port) + ": " + why +
                             "; change [listen] in the settings or end the program that has it");
}

void switch_on(int socket, int option) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, option, &on, sizeof on);
}

std::string error_text(int code) { return std::system_category().message(code); }

int open_bound(const tcp::endpoint& endpoint, bool share) {
    const int opened = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (opened < 0) return -1;
    switch_on(opened, SO_REUSEADDR);
    if (share) switch_on(opened, SO_REUSEPORT);
    if (::bind(opened, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0) {
        return opened;
    }
    const int why = errno;
    ::close(opened);
    errno = why;
    return -1;
}

}  // namespace

bool is_taken(const config::listener& listener) {
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(listener.address, ec);
    if (ec || listener.port == 0) return false;
    const int opened = open_bound({address, listener.port}, false);
    if (opened >= 0) ::close(opened);
    return opened < 0 && errno == EADDRINUSE;
}

shared_listener::shared_listener(config::listener settings, std::size_t most_connections)
    : settings_(std::move(settings)), most_connections_(most_connections) {
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(settings_.address, ec);
    if (ec) fail(settings_, "no IP address");
    endpoint_ = {address, settings_.port};
    if (settings_.tls) tls_ = make_tls_context(settings_);
    find_out_port();
}

shared_listener::~shared_listener() {
    if (reserved_ >= 0) ::close(reserved_);
}

// SO_REUSEPORT would let two services share a port without a word, each getting half of the
// connections. So the port is first asked for without it.
void shared_listener::find_out_port() {
    const int exclusive = open_bound(endpoint_, false);
    if (exclusive < 0) fail(settings_, error_text(errno));
    tcp::endpoint bound;
    auto size = static_cast<socklen_t>(bound.capacity());
    if (::getsockname(exclusive, bound.data(), &size) == 0) endpoint_.port(bound.port());
    ::close(exclusive);
    reserved_ = open_bound(endpoint_, true);
    if (reserved_ < 0) fail(settings_, error_text(errno));
}

void shared_listener::reload_certificate() {
    if (!settings_.tls) return;
    auto fresh = make_tls_context(settings_);
    const std::lock_guard lock(tls_mutex_);
    tls_.swap(fresh);
}

std::shared_ptr<boost::asio::ssl::context> shared_listener::tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
}

bool shared_listener::take_connection() noexcept {
    if (open_.fetch_add(1, std::memory_order_relaxed) < most_connections_) return true;
    open_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void shared_listener::give_back_connection() noexcept {
    open_.fetch_sub(1, std::memory_order_relaxed);
}

tcp::acceptor shared_listener::listen(boost::asio::io_context& io) const {
    const int bound = open_bound(endpoint_, true);
    if (bound < 0) fail(settings_, error_text(errno));
    tcp::acceptor acceptor(io, endpoint_.protocol(), bound);
    boost::system::error_code ec;
    acceptor.listen(boost::asio::socket_base::max_listen_connections, ec);
    if (ec) fail(settings_, ec.message());
    return acceptor;
}

}  // namespace kommpass::idp::http
