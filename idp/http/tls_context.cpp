#include "idp/http/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <string>

namespace kommpass::idp::http {
namespace {

constexpr auto tls_1_2_suites =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr auto tls_1_3_suites = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256";
constexpr auto curves = "P-256:P-384:P-521";
constexpr auto signatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";

[[noreturn]] void fail(const std::string& what) {
    std::array<char, 256> reason{};
    const auto code = ::ERR_get_error();
    ::ERR_error_string_n(code, reason.data(), reason.size());
    ::ERR_clear_error();
    throw std::runtime_error(code == 0 ? what : what + ": " + reason.data());
}

void require(long succeeded, const std::string& what) {
    if (succeeded != 1) fail(what);
}

// A key file with a passphrase cannot be opened by a service that starts by itself; without this,
// OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int offered_length, void*) {
    // Static: OpenSSL reads what it is given after this function has returned.
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (::SSL_select_next_proto(&found, length, ours.data(), ours.size(), offered,
                                offered_length) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void set_parameters(SSL_CTX* context) {
    require(::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "TLS 1.2");
    require(::SSL_CTX_set_cipher_list(context, tls_1_2_suites), "TLS 1.2 cipher suites");
    require(::SSL_CTX_set_ciphersuites(context, tls_1_3_suites), "TLS 1.3 cipher suites");
    require(::SSL_CTX_set1_groups_list(context, curves), "TLS curves");
    require(::SSL_CTX_set1_sigalgs_list(context, signatures), "TLS signatures");
    ::SSL_CTX_set_options(
        context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    constexpr std::array<unsigned char, 8> name{'k', 'o', 'm', 'm', 'p', 'a', 's', 's'};
    require(::SSL_CTX_set_session_id_context(context, name.data(), name.size()), "TLS sessions");
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets only
    require(::SSL_CTX_set_num_tickets(context, 1), "TLS tickets");
    ::SSL_CTX_set_alpn_select_cb(context, choose_http_1_1, nullptr);
    ::SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

// The certificate is judged where a client has to prove itself (RFC 8705, 2): TLS proves that the
// client has its key, and lets everybody in.
int take_any_certificate(int, X509_STORE_CTX*) { return 1; }

}  // namespace

std::shared_ptr<boost::asio::ssl::context> make_tls_context(const config::listener& listener) {
    auto context =
        std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    auto* const native = context->native_handle();
    set_parameters(native);
    const auto& chain = listener.certificate_file;
    const auto& key = listener.private_key_file;
    require(::SSL_CTX_use_certificate_chain_file(native, chain.c_str()),
            "cannot read the certificate chain " + chain.string() + " (PEM expected)");
    require(::SSL_CTX_use_PrivateKey_file(native, key.c_str(), SSL_FILETYPE_PEM),
            "cannot read the private key " + key.string() +
                " (PEM without a passphrase expected, belonging to " + chain.string() + ")");
    require(::SSL_CTX_check_private_key(native),
            "the private key " + key.string() + " does not belong to " + chain.string());
    if (listener.asks_for_certificate)
        ::SSL_CTX_set_verify(native, SSL_VERIFY_PEER, take_any_certificate);
    return context;
}

}  // namespace kommpass::idp::http
