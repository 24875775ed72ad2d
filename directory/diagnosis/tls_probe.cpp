#include "directory/diagnosis/tls_probe.hpp"

#include "directory/server_address.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace kommpass::directory::diagnosis {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

template <auto release>
struct freed_by {
    template <class T>
    void operator()(T* what) const noexcept {
        release(what);
    }
};
using owned_context = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using owned_ssl = std::unique_ptr<SSL, freed_by<SSL_free>>;
using owned_bio = std::unique_ptr<BIO, freed_by<BIO_free>>;
using owned_names = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;
using owned_addresses = std::unique_ptr<addrinfo, freed_by<freeaddrinfo>>;

// StartTLS: an ExtendedRequest with the name 1.3.6.1.4.1.1466.20037 (RFC 4511, 4.14.1).
constexpr unsigned char start_tls[] = {
    0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16, '1', '.', '3', '.', '6', '.', '1',
    '.',  '4',  '.',  '1',  '.',  '1',  '4',  '6',  '6',  '.', '2', '0', '0', '3', '7'};

class stopwatch {
public:
    [[nodiscard]] microseconds took() const {
        return std::chrono::duration_cast<microseconds>(steady::now() - began_);
    }

private:
    steady::time_point began_ = steady::now();
};

bool wait_for(int fd, short events, steady::time_point until) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady::now()).count();
    pollfd waiting{fd, events, 0};
    return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) == 1;
}

std::string printed(X509_NAME* name) {
    const owned_bio memory(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string printed(const ASN1_TIME* at) {
    tm when{};
    std::array<char, 20> text{};
    if (ASN1_TIME_to_tm(at, &when) != 1) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &when)};
}

// What subjectAltName names.
std::string names_of(X509* certificate) {
    const owned_names names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string all;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* one = sk_GENERAL_NAME_value(names.get(), i);
        std::string text;
        if (one->type == GEN_DNS) {
            text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName)),
                        static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName)));
        } else if (one->type == GEN_IPADD && ASN1_STRING_length(one->d.iPAddress) == 4) {
            const auto* bytes = ASN1_STRING_get0_data(one->d.iPAddress);
            for (int b = 0; b < 4; ++b)
                text += (b == 0 ? "" : ".") + std::to_string(static_cast<int>(bytes[b]));
        }
        if (!text.empty()) all += (all.empty() ? "" : ", ") + text;
    }
    return all.empty() ? printed(X509_get_subject_name(certificate)) : all;
}

std::string fingerprint_of(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) text.push_back(':');
        text.push_back(digits[digest[i] >> 4U]);
        text.push_back(digits[digest[i] & 0xfU]);
    }
    return text;
}

seen_certificate described(X509* certificate) {
    const owned_bio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {printed(X509_get_subject_name(certificate)),
            printed(X509_get_issuer_name(certificate)),
            printed(X509_get0_notBefore(certificate)),
            printed(X509_get0_notAfter(certificate)),
            fingerprint_of(certificate),
            X509_check_ca(certificate) > 0,
            size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string()};
}

// Trusts this one certificate besides, whether it is an authority's or the server's own.
bool trust(SSL_CTX* context, const std::string& pem) {
    if (pem.empty()) return true;
    const owned_bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<X509, freed_by<X509_free>> one(
        PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    auto* const store = SSL_CTX_get_cert_store(context);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    return one && X509_STORE_add_cert(store, one.get()) == 1;
}

std::string last_openssl_error() {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "the connection was closed" : reason;
}

// One server, from its name to a finished hand-shake.
class probing {
public:
    probing(const directory_settings& settings, std::string url,
            const permitted_addresses& permitted, const clock& time, report& said,
            std::vector<seen_certificate>* chain)
        : settings_(settings),
          url_(std::move(url)),
          place_(split_directory_url(url_)),
          permitted_(permitted),
          time_(time),
          said_(said),
          chain_(chain) {}
    ~probing() {
        if (fd_ >= 0) ::close(fd_);
    }
    probing(const probing&) = delete;

    bool run() {
        const bool plain = settings_.transport == directory_transport::plain;
        if (plain && !settings_.allow_plain_text && !is_loopback(place_.host)) {
            said_.add("url.plain_text", url_);
            return false;
        }
        if (!resolve() || !connect()) return false;
        if (plain) {
            said_.add("tls.none", url_);
            return true;
        }
        if (settings_.transport == directory_transport::starttls && !begin_start_tls())
            return false;
        return secure();
    }

private:
    bool resolve() {
        const stopwatch timer;
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const int failed = ::getaddrinfo(place_.host.c_str(), place_.port.c_str(), &hints, &found);
        addresses_.reset(found);
        if (failed != 0) {
            said_.add("name.unresolved", url_, ::gai_strerror(failed), timer.took());
            return false;
        }
        std::array<char, NI_MAXHOST> numeric{};
        ::getnameinfo(found->ai_addr, found->ai_addrlen, numeric.data(), numeric.size(), nullptr, 0,
                      NI_NUMERICHOST);
        said_.add("name.resolved", url_, numeric.data(), timer.took());
        return true;
    }

    bool connect() {
        const stopwatch timer;
        std::string last;
        std::string forbidden;
        bool tried = false;
        for (const auto* one = addresses_.get(); one != nullptr; one = one->ai_next) {
            if (const auto why = permitted_.why_not(*one->ai_addr)) {
                forbidden = *why;
                continue;
            }
            tried = true;
            if (fd_ >= 0) ::close(fd_);
            fd_ = ::socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            int error = ::connect(fd_, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
            if (error == EINPROGRESS && wait_for(fd_, POLLOUT, deadline())) {
                socklen_t size = sizeof error;
                ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
            }
            if (error == 0) {
                said_.add("tcp.connected", url_, {}, timer.took());
                return true;
            }
            last = error == EINPROGRESS ? "" : std::strerror(error);
        }
        if (!tried && !forbidden.empty())
            said_.add("address.forbidden", url_, forbidden, timer.took());
        else
            said_.add(last.empty() ? "tcp.silent" : "tcp.refused", url_, last, timer.took());
        return false;
    }

    bool begin_start_tls() {
        const stopwatch timer;
        std::array<unsigned char, 256> answer{};
        const bool sent = ::send(fd_, start_tls, sizeof start_tls, MSG_NOSIGNAL) ==
                          static_cast<ssize_t>(sizeof start_tls);
        const auto size = sent && wait_for(fd_, POLLIN, deadline())
                              ? ::recv(fd_, answer.data(), answer.size(), 0)
                              : -1;
        // SEQUENCE, message id, ExtendedResponse, then the result code as an enumerated value.
        const auto end = answer.begin() + std::max<ssize_t>(size, 0);
        constexpr std::array<unsigned char, 2> enumerated{0x0a, 0x01};
        const auto code = std::search(answer.begin(), end, enumerated.begin(), enumerated.end());
        if (end - code > 2 && code[2] == 0) return true;
        said_.add(
            "starttls.refused", url_,
            end - code > 2 ? "result " + std::to_string(static_cast<int>(code[2])) : "no answer",
            timer.took());
        return false;
    }

    bool secure() {
        const owned_context context(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
        SSL_CTX_set_default_verify_paths(context.get());
        const auto& ca = settings_.ca_file;
        if (!ca.empty() && SSL_CTX_load_verify_locations(context.get(), ca.c_str(), nullptr) != 1) {
            said_.add("tls.ca_unreadable", url_, ca);
            ERR_clear_error();
            return false;
        }
        if (!trust(context.get(), settings_.ca_certificate)) {
            said_.add("tls.ca_unreadable", url_, "ca_certificate");
            ERR_clear_error();
            return false;
        }
        const stopwatch timer;
        const owned_ssl ssl(SSL_new(context.get()));
        SSL_set_fd(ssl.get(), fd_);
        if (!present_client_certificate(ssl.get())) return false;
        if (!is_ip_address(place_.host)) SSL_set_tlsext_host_name(ssl.get(), place_.host.c_str());
        // Nothing is refused here, so that everything that is wrong can be told; `judge` decides.
        SSL_set_verify(ssl.get(), SSL_VERIFY_NONE, nullptr);
        if (!shake_hands(ssl.get())) {
            said_.add("tls.failed", url_, last_openssl_error(), timer.took());
            return false;
        }
        return judge(ssl.get(), timer.took());
    }

    bool present_client_certificate(SSL* ssl) {
        if (settings_.client_certificate_file.empty()) return true;
        const bool taken =
            SSL_use_certificate_chain_file(ssl, settings_.client_certificate_file.c_str()) == 1 &&
            SSL_use_PrivateKey_file(ssl, settings_.client_key_file.c_str(), SSL_FILETYPE_PEM) == 1;
        if (!taken) said_.add("tls.failed", url_, "client certificate: " + last_openssl_error());
        return taken;
    }

    bool shake_hands(SSL* ssl) {
        const auto until = deadline();
        for (;;) {
            const int done = SSL_connect(ssl);
            if (done == 1) return true;
            const int wants = SSL_get_error(ssl, done);
            if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE) return false;
            const short events = wants == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
            if (!wait_for(fd_, events, until)) return false;
        }
    }

    bool judge(SSL* ssl, microseconds took) {
        const std::unique_ptr<X509, freed_by<X509_free>> own(SSL_get1_peer_certificate(ssl));
        if (!own) {
            said_.add("tls.failed", url_, "the server has no certificate", took);
            return false;
        }
        auto* const chain = SSL_get_peer_cert_chain(ssl);
        for (int i = 0; i < sk_X509_num(chain); ++i) {
            auto* const one = sk_X509_value(chain, i);
            if (chain_ != nullptr) chain_->push_back(described(one));
            said_.add("tls.certificate", url_,
                      printed(X509_get_subject_name(one)) + ", " +
                          printed(X509_get_issuer_name(one)) + ", " +
                          printed(X509_get0_notBefore(one)) + " - " +
                          printed(X509_get0_notAfter(one)));
        }
        bool right = judge_time(own.get());
        const auto verified = SSL_get_verify_result(ssl);
        const bool time_is_wrong =
            verified == X509_V_ERR_CERT_HAS_EXPIRED || verified == X509_V_ERR_CERT_NOT_YET_VALID;
        if (verified != X509_V_OK && !time_is_wrong) {
            said_.add("tls.unknown_ca", url_,
                      printed(X509_get_issuer_name(own.get())) + " (" +
                          X509_verify_cert_error_string(verified) + ")");
            right = false;
        }
        const bool named =
            is_ip_address(place_.host)
                ? X509_check_ip_asc(own.get(), place_.host.c_str(), 0) == 1
                : X509_check_host(own.get(), place_.host.c_str(), 0, 0, nullptr) == 1;
        if (!named) {
            said_.add("tls.host_name_differs", url_, names_of(own.get()));
            right = false;
        }
        if (right)
            said_.add("tls.secured", url_,
                      std::string(SSL_get_version(ssl)) + ", " + SSL_get_cipher_name(ssl), took);
        return right;
    }

    bool judge_time(X509* certificate) {
        const auto* from = X509_get0_notBefore(certificate);
        const auto* until = X509_get0_notAfter(certificate);
        auto now = static_cast<time_t>(to_unix_seconds(time_.now()));
        if (X509_cmp_time(from, &now) > 0) {
            said_.add("tls.not_yet_valid", url_, printed(from));
            return false;
        }
        if (X509_cmp_time(until, &now) < 0) {
            said_.add("tls.expired", url_, printed(until));
            return false;
        }
        auto soon = now + 30 * 24 * 3600;
        if (X509_cmp_time(until, &soon) < 0) said_.add("tls.expires_soon", url_, printed(until));
        return true;
    }

    steady::time_point deadline() const { return steady::now() + settings_.connect_timeout; }

    const directory_settings& settings_;
    std::string url_;
    server_address place_;
    const permitted_addresses& permitted_;
    const clock& time_;
    report& said_;
    std::vector<seen_certificate>* chain_;
    owned_addresses addresses_;
    int fd_ = -1;
};

}  // namespace

bool probe_server(const directory_settings& settings, const std::string& url,
                  const permitted_addresses& permitted, const clock& time, report& said,
                  std::vector<seen_certificate>* chain) {
    return probing(settings, url, permitted, time, said, chain).run();
}

}  // namespace kommpass::directory::diagnosis
