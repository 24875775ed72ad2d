#include "directory/line/tls_session.hpp"

#include "directory/line/certificate_judgement.hpp"
#include "directory/line/openssl_owned.hpp"
#include "directory/line/tls_context.hpp"
#include "directory/server_address.hpp"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>

namespace kommpass::directory {
namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

// A record of TLS begins with its type: change_cipher_spec to application_data (RFC 8446, 5.1).
bool begins_a_record(unsigned char first) { return first >= 20 && first <= 23; }

// What a BIO of ours reads and writes: the descriptor, without signals.
struct line_end {
    int descriptor = -1;
    std::optional<unsigned char> first;  // byte that came
    bool ended = false;
};

line_end& end_of(BIO* bio) { return *static_cast<line_end*>(BIO_get_data(bio)); }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int read_from(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    auto& line = end_of(bio);
    const auto got = ::recv(line.descriptor, into, static_cast<std::size_t>(size), 0);
    if (got > 0 && !line.first) line.first = static_cast<unsigned char>(into[0]);
    if (got < 0 && would_block())
        BIO_set_retry_read(bio);
    else if (got <= 0)
        line.ended = true;
    return static_cast<int>(got);
}

int write_to(BIO* bio, const char* from, int size) {
    BIO_clear_retry_flags(bio);
    auto& line = end_of(bio);
    const auto sent = ::send(line.descriptor, from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && would_block())
        BIO_set_retry_write(bio);
    else if (sent < 0)
        line.ended = true;
    return static_cast<int>(sent);
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0;
}

BIO_METHOD* make_method() {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "directory line");
    BIO_meth_set_read(made, read_from);
    BIO_meth_set_write(made, write_to);
    BIO_meth_set_ctrl(made, control);
    return made;
}

const BIO_METHOD* without_signals() {
    static const BIO_METHOD* const made = make_method();  // lasts as long as the process
    return made;
}

bool wait_for(int descriptor, short events, steady::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady::now()).count();
    pollfd waiting{descriptor, events, 0};
    return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) == 1;
}

std::string last_error() {
    const auto code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "the hand-shake failed" : reason;
}

}  // namespace

class tls_session::state {
public:
    state(shared_tls_context context, int descriptor)
        : context_(std::move(context)), ssl_(SSL_new(context_.get())) {
        line_.descriptor = descriptor;
        BIO* const bio = BIO_new(without_signals());
        BIO_set_data(bio, &line_);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl_.get(), bio, bio);
    }
    state(const state&) = delete;

    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
    [[nodiscard]] bool ended() const { return line_.ended; }

    std::optional<connect_fault> shake_hands(steady::time_point until) {
        for (;;) {
            ERR_clear_error();
            const int done = SSL_connect(ssl_.get());
            if (done == 1) return std::nullopt;
            const int wants = SSL_get_error(ssl_.get(), done);
            if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE) return why_not();
            const short events = wants == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
            if (!wait_for(line_.descriptor, events, until)) return why_not_in_time();
        }
    }

    // The faults of the certificate; the chain is told either way.
    std::vector<connect_fault> judge(const std::string& host, std::int64_t now, seen& told) {
        const owned_x509 own(SSL_get1_peer_certificate(ssl_.get()));
        if (!own) return {{fault::tls_failed, "the server has no certificate"}};
        auto* const chain = SSL_get_peer_cert_chain(ssl_.get());
        for (int i = 0; i < sk_X509_num(chain); ++i)
            told.chain.push_back(described(sk_X509_value(chain, i)));
        told.parameters =
            std::string(SSL_get_version(ssl_.get())) + ", " + SSL_get_cipher_name(ssl_.get());
        return judge_certificate(SSL_CTX_get_cert_store(context_.get()), own.get(), chain, host,
                                 now);
    }

private:
    [[nodiscard]] bool is_garbage() const { return line_.first && !begins_a_record(*line_.first); }

    connect_fault why_not() const {
        if (is_garbage()) return {fault::tls_garbage, {}};
        if (line_.ended) return {fault::tls_cut, {}};
        return {fault::tls_failed, last_error()};
    }
    connect_fault why_not_in_time() const {
        return {is_garbage() ? fault::tls_garbage : fault::tls_silent, {}};
    }

    line_end line_;
    shared_tls_context context_;
    owned_ssl ssl_;
};

tls_session::tls_session(std::unique_ptr<state> made) : state_(std::move(made)) {}

tls_session::~tls_session() {
    ERR_clear_error();
    if (!state_->ended()) SSL_shutdown(state_->ssl());
    ERR_clear_error();
}

result<std::unique_ptr<tls_session>, std::vector<connect_fault>> tls_session::establish(
    int descriptor, const directory_settings& settings, const std::string& host,
    steady::time_point until, std::int64_t now, seen& told) {
    using faults = std::vector<connect_fault>;
    auto context = tls_context_for(settings);
    if (!context) return faults{context.error()};
    auto made = std::make_unique<state>(std::move(*context), descriptor);
    if (!is_ip_address(host)) SSL_set_tlsext_host_name(made->ssl(), host.c_str());
    if (auto failed = made->shake_hands(until)) return faults{*std::move(failed)};
    if (auto wrong = made->judge(host, now, told); !wrong.empty()) return wrong;
    return std::unique_ptr<tls_session>(new tls_session(std::move(made)));
}

ssize_t tls_session::read(void* into, std::size_t size) {
    ERR_clear_error();
    std::size_t got = 0;
    if (SSL_read_ex(state_->ssl(), into, size, &got) == 1) return static_cast<ssize_t>(got);
    const int why = SSL_get_error(state_->ssl(), 0);
    if (why == SSL_ERROR_ZERO_RETURN || (state_->ended() && why != SSL_ERROR_SSL)) {
        errno = 0;
        return 0;
    }
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

ssize_t tls_session::write(const void* from, std::size_t size) {
    ERR_clear_error();
    std::size_t sent = 0;
    if (SSL_write_ex(state_->ssl(), from, size, &sent) == 1) return static_cast<ssize_t>(sent);
    const int why = SSL_get_error(state_->ssl(), 0);
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

bool tls_session::has_pending() const { return SSL_pending(state_->ssl()) > 0; }

}  // namespace kommpass::directory
