#include "directory/line/tls_context.hpp"

#include "directory/line/file_version.hpp"
#include "directory/line/openssl_owned.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <map>
#include <mutex>
#include <string>

namespace kommpass::directory {
namespace {

constexpr std::size_t most_kept = 512;

std::string last_error() {
    const auto code = ERR_peek_last_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "it cannot be read" : reason;
}

// Trusts this one certificate besides, whether it is an authority's or the server's own.
bool trust(SSL_CTX* context, const std::string& pem) {
    if (pem.empty()) return true;
    const owned_bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const owned_x509 one(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    return one && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) == 1;
}

result<shared_tls_context, connect_fault> make(const directory_settings& settings) {
    ERR_clear_error();
    shared_tls_context made(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    auto* const context = made.get();
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    // Whoever established the session judges, and says more than that one thing is wrong.
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    const auto& ca = settings.ca_file;
    if (ca.empty())
        SSL_CTX_set_default_verify_paths(context);
    else if (SSL_CTX_load_verify_locations(context, ca.c_str(), nullptr) != 1)
        return connect_fault{fault::ca_unreadable, ca + " (" + last_error() + ")"};
    if (!trust(context, settings.ca_certificate))
        return connect_fault{fault::ca_unreadable, "ca_certificate (" + last_error() + ")"};
    const auto& own = settings.client_certificate_file;
    const auto& key = settings.client_key_file;
    const bool taken =
        own.empty() || (SSL_CTX_use_certificate_chain_file(context, own.c_str()) == 1 &&
                        SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1);
    if (!taken)
        return connect_fault{fault::client_certificate,
                             own + ", " + key + " (" + last_error() + ")"};
    ERR_clear_error();
    return made;
}

}  // namespace

result<shared_tls_context, connect_fault> tls_context_for(const directory_settings& settings) {
    static auto& mutex =
        *new std::mutex;  // never ended: a thread may still connect while the process ends
    static auto& kept = *new std::map<std::string, shared_tls_context>;
    const auto made_from = file_version(settings.ca_file) + "\n" +
                           file_version(settings.client_certificate_file) + "\n" +
                           file_version(settings.client_key_file) + "\n" + settings.ca_certificate;
    const std::lock_guard lock(mutex);
    if (const auto found = kept.find(made_from); found != kept.end()) return found->second;
    auto made = make(settings);
    if (!made) return made.error();
    if (kept.size() >= most_kept) kept.clear();  // those in use live on with their sessions
    kept.emplace(made_from, *made);
    return *made;
}

}  // namespace kommpass::directory
