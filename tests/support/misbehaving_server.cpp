#include "tests/support/misbehaving_server.hpp"

#include "directory/line/openssl_owned.hpp"
#include "tests/support/scripted_directory.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <stdexcept>

namespace kommpass::tests {
namespace {

using directory::freed_by;
using directory::owned_bio;
using directory::owned_ssl;
using directory::owned_x509;
using owned_context = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using owned_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

constexpr auto nonsense = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

int listen_on_loopback(int queue, std::uint16_t& port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(made, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(made, queue) != 0)
        throw std::runtime_error("no port for the test's server");
    ::getsockname(made, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return made;
}

owned_context context_with(const crafted_certificate& one) {
    owned_context made(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_security_level(made.get(), 0);  // may be as weak as the test wants it
    const owned_bio pem(
        BIO_new_mem_buf(one.certificate.data(), static_cast<int>(one.certificate.size())));
    const owned_bio key_pem(BIO_new_mem_buf(one.key.data(), static_cast<int>(one.key.size())));
    const owned_x509 certificate(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr));
    const owned_key key(PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(made.get(), certificate.get());
    SSL_CTX_use_PrivateKey(made.get(), key.get());
    return made;
}

}  // namespace

class misbehaving_server::line {
public:
    explicit line(int connection) : connection_(connection) {}

    bool shake_hands(const crafted_certificate& one) {
        context_ = context_with(one);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), connection_);
        return SSL_accept(ssl_.get()) == 1;
    }
    void send(const std::string& bytes) {
        if (ssl_)
            SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
        else
            (void)::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    // One LDAP request, as small ones are; nothing at the end.
    std::string receive() {
        std::string bytes(4096, '\0');
        const auto got = ssl_ ? SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : ::recv(connection_, bytes.data(), bytes.size(), 0);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }

private:
    int connection_;
    owned_context context_;
    owned_ssl ssl_;
};

misbehaving_server::misbehaving_server(plan told) : plan_(std::move(told)) {
    listener_ = listen_on_loopback(64, port_);
    accepting_ = std::thread([this] { accept_all(); });
}

misbehaving_server::~misbehaving_server() {
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

void misbehaving_server::accept_all() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (stopped_ || connection < 0) {
            if (connection >= 0) ::close(connection);
            return;
        }
        ++connections_;
        const std::lock_guard lock(mutex_);
        open_.insert(connection);
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

void misbehaving_server::serve(int connection) {
    // What raises it in this thread is the test's own writing, and not what is tested.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    {
        line with(connection);
        bool goes_on = true;
        if (plan_.far == stage::starttls) {
            const auto asked = with.receive();
            const auto id = asked.size() > 4 ? asked[4] : 1;
            with.send(ber::message(id, ber::tlv(0x78, ber::integer(0x0a, 0) + ber::tlv(0x04, "") +
                                                          ber::tlv(0x04, ""))));
        }
        if (plan_.far != stage::tcp && plan_.certificate)
            goes_on = with.shake_hands(*plan_.certificate);
        if (goes_on) go_on(with);
    }
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
    ::close(connection);
}

void misbehaving_server::go_on(line& with) {
    switch (plan_.what) {
        case then::cuts:
            // Only after the other end has said something: an answer that nobody gives.
            (void)with.receive();
            return;
        case then::talks_nonsense:
            (void)with.receive();
            with.send(nonsense);
            break;
        case then::refuses_starttls: {
            (void)with.receive();
            with.send(ber::message(1, ber::tlv(0x78, ber::integer(0x0a, 2) + ber::tlv(0x04, "") +
                                                         ber::tlv(0x04, "unsupported"))));
            break;
        }
        case then::answers:
        case then::answers_slowly:
            return answer_ldap(with);
        case then::hangs:
            break;
    }
    while (!with.receive().empty()) {
    }
}

// Binds that are accepted, searches that find nobody.
void misbehaving_server::answer_ldap(line& with) {
    for (auto asked = with.receive(); asked.size() > 7; asked = with.receive()) {
        const auto at = [&](std::size_t i) {
            return i < asked.size() ? static_cast<unsigned char>(asked[i]) : 0U;
        };
        // The length may take more than one byte (X.690, 8.1.3.5); ids are small here.
        const std::size_t id_at = 2 + (at(1) >= 0x80 ? (at(1) & 0x7fU) : 0) + 2;
        const int id = static_cast<int>(at(id_at));
        const auto operation = at(id_at + 1);
        pollfd nothing{-1, 0, 0};
        ::poll(&nothing, 1, static_cast<int>(plan_.delay.count()));
        if (operation == 0x42) return;
        with.send(operation == 0x60 ? ber::bind_response(id) : ber::search_done(id));
    }
}

swallowing_port::swallowing_port() {
    listener_ = listen_on_loopback(0, port_);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    // The queue takes one; who comes after the next is not answered any more.
    for (int i = 0; i < 3; ++i) {
        const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        ::connect(one, reinterpret_cast<sockaddr*>(&address), sizeof address);
        filling_.push_back(one);
    }
}

swallowing_port::~swallowing_port() {
    for (const int one : filling_) ::close(one);
    ::close(listener_);
}

}  // namespace kommpass::tests
