#include "idp/http/method.hpp"
#include "idp/http/response.hpp"
#include "tests/idp/http/live_server.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

using namespace kommpass;

namespace {

struct freeing {
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { ::X509_free(certificate); }
    void operator()(SSL* tls) const { ::SSL_free(tls); }
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
    void operator()(BIO* bio) const { ::BIO_free_all(bio); }
    void operator()(FILE* file) const { std::fclose(file); }
};
template <class T>
using owned = std::unique_ptr<T, freeing>;

// A self-signed certificate with its key, in a folder that goes with it.
class certificate_folder {
public:
    certificate_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kommpass-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        write("first");
    }
    certificate_folder(const certificate_folder&) = delete;
    certificate_folder& operator=(const certificate_folder&) = delete;
    ~certificate_folder() { std::filesystem::remove_all(folder_); }

    void write(const char* common_name) const {
        const owned<EVP_PKEY> key(::EVP_EC_gen("P-256"));
        const owned<X509> certificate(::X509_new());
        ::X509_set_version(certificate.get(), X509_VERSION_3);
        ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), 0);
        ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), 3600);
        ::X509_set_pubkey(certificate.get(), key.get());
        auto* const name = ::X509_get_subject_name(certificate.get());
        ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>(common_name), -1, -1,
                                     0);
        ::X509_set_issuer_name(certificate.get(), name);
        ::X509_sign(certificate.get(), key.get(), ::EVP_sha256());
        ::PEM_write_X509(owned<FILE>(std::fopen(chain().c_str(), "w")).get(), certificate.get());
        ::PEM_write_PrivateKey(owned<FILE>(std::fopen(this->key().c_str(), "w")).get(), key.get(),
                               nullptr, nullptr, 0, nullptr, nullptr);
    }
    void spoil() const { std::fclose(std::fopen(chain().c_str(), "w")); }

    [[nodiscard]] std::filesystem::path chain() const { return folder_ / "chain.pem"; }
    [[nodiscard]] std::filesystem::path key() const { return folder_ / "key.pem"; }
    [[nodiscard]] config::listener listener() const {
        return {"127.0.0.1", 0, true, chain(), key()};
    }

private:
    std::filesystem::path folder_;
};

// A TLS client; `refused()` if the handshake failed.
class tls_client {
public:
    explicit tls_client(std::uint16_t port, const std::function<void(SSL_CTX*)>& set = {})
        : context_(::SSL_CTX_new(::TLS_client_method())) {
        ::SSL_CTX_set_security_level(context_.get(), 0);
        if (set) set(context_.get());
        bio_.reset(::BIO_new_ssl_connect(context_.get()));
        ::BIO_get_ssl(bio_.get(), &tls_);
        const auto where = "127.0.0.1:" + std::to_string(port);
        ::BIO_set_conn_hostname(bio_.get(), where.c_str());
        connected_ = ::BIO_do_connect(bio_.get()) == 1;
    }
    [[nodiscard]] bool refused() const { return !connected_; }
    [[nodiscard]] std::string version() const { return ::SSL_get_version(tls_); }
    [[nodiscard]] std::string suite() const { return ::SSL_get_cipher_name(tls_); }
    [[nodiscard]] SSL* tls() const { return tls_; }
    [[nodiscard]] std::string server_name() const {
        const owned<X509> certificate(::SSL_get1_peer_certificate(tls_));
        std::array<char, 100> name{};
        ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate.get()), NID_commonName,
                                    name.data(), name.size());
        return name.data();
    }
    // Everything until the server says goodbye; empty if it leaves without.
    [[nodiscard]] std::string ask_and_close(std::string_view request) const {
        ::SSL_write(tls_, request.data(), static_cast<int>(request.size()));
        std::string all;
        std::array<char, 20'000> bytes;
        int got = 0;
        while ((got = ::SSL_read(tls_, bytes.data(), bytes.size())) > 0) {
            all.append(bytes.data(), static_cast<std::size_t>(got));
        }
        return ::SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN ? all : std::string();
    }

private:
    owned<SSL_CTX> context_;
    owned<BIO> bio_;
    SSL* tls_ = nullptr;
    bool connected_ = false;
};

class tls_server : public tests::live_server {
public:
    explicit tls_server(const certificate_folder& folder) : live_server(options(folder)) {
        routes.add_immediate({idp::http::method::get}, "/",
                             [](const idp::http::request&) { return idp::http::json(200, "{}"); });
        const auto large = std::make_shared<const std::string>(1'000'000, 'x');
        routes.add_immediate({idp::http::method::get}, "/large",
                             [large](const idp::http::request&) {
                                 idp::http::response answer;
                                 answer.fixed_body = large;
                                 return answer;
                             });
        start();
    }

private:
    static tests::live_options options(const certificate_folder& folder) {
        tests::live_options made;
        made.settings.listen = folder.listener();
        return made;
    }
};

std::string closing_get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
}

void only_version(SSL_CTX* context, int version) {
    ::SSL_CTX_set_min_proto_version(context, version);
    ::SSL_CTX_set_max_proto_version(context, version);
}

}  // namespace

TEST_CASE("requests are answered over TLS 1.3 and 1.2, with a goodbye at the end") {
    const certificate_folder folder;
    const tls_server server(folder);

    for (const int version : {TLS1_3_VERSION, TLS1_2_VERSION}) {
        const tls_client client(server.port(), [&](auto* c) { only_version(c, version); });
        REQUIRE_FALSE(client.refused());
        CHECK(client.version() == (version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2"));
        const auto answer = client.ask_and_close(tests::get("/") + closing_get("/large"));
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(answer.find("Strict-Transport-Security: max-age=31536000\r\n") != std::string::npos);
        CHECK(answer.ends_with(std::string(1'000'000, 'x')));
    }
}

TEST_CASE("TLS older than 1.2 is refused") {
    const certificate_folder folder;
    const tls_server server(folder);

    for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
        CHECK(tls_client(server.port(), [&](auto* c) { only_version(c, version); }).refused());
    }
}

TEST_CASE("only suites with forward secrecy and AEAD are taken") {
    const certificate_folder folder;
    const tls_server server(folder);
    const auto with_suite = [&](const char* suite) {
        return std::make_unique<tls_client>(server.port(), [suite](auto* c) {
            only_version(c, TLS1_2_VERSION);
            ::SSL_CTX_set_cipher_list(c, suite);
        });
    };

    CHECK(with_suite("ALL:COMPLEMENTOFALL")->suite() == "ECDHE-ECDSA-AES256-GCM-SHA384");
    CHECK(with_suite("ECDHE-ECDSA-AES128-GCM-SHA256")->suite() == "ECDHE-ECDSA-AES128-GCM-SHA256");
    for (const auto* weak :
         {"ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA", "AES256-GCM-SHA384", "AES128-SHA",
          "ECDHE-ECDSA-CHACHA20-POLY1305", "NULL", "aNULL"}) {
        CAPTURE(weak);
        CHECK(with_suite(weak)->refused());
    }
}

TEST_CASE("only the curves of the guideline are taken") {
    const certificate_folder folder;
    const tls_server server(folder);
    const auto refused_with = [&](const char* curves) {
        return tls_client(server.port(),
                          [curves](auto* c) { ::SSL_CTX_set1_groups_list(c, curves); })
            .refused();
    };

    for (const auto* curve : {"P-256", "P-384", "P-521", "X25519:P-256"})
        CHECK_FALSE(refused_with(curve));
    for (const auto* curve : {"X25519", "X448", "ffdhe2048"}) {
        CAPTURE(curve);
        CHECK(refused_with(curve));
    }
}

TEST_CASE("a client that offers protocols gets HTTP/1.1") {
    const certificate_folder folder;
    const tls_server server(folder);
    constexpr std::array<unsigned char, 12> offer{2,   'h', '2', 8,   'h', 't',
                                                  't', 'p', '/', '1', '.', '1'};

    const tls_client client(
        server.port(), [&](auto* c) { ::SSL_CTX_set_alpn_protos(c, offer.data(), offer.size()); });

    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    ::SSL_get0_alpn_selected(client.tls(), &chosen, &length);
    CHECK(std::string(reinterpret_cast<const char*>(chosen), length) == "http/1.1");
}

TEST_CASE("a session is taken up again by its ticket") {
    const certificate_folder folder;
    const tls_server server(folder);
    const tls_client first(server.port());
    REQUIRE(first.ask_and_close(closing_get("/")).starts_with("HTTP/1.1 200"));
    SSL_SESSION* const session = ::SSL_get1_session(first.tls());

    owned<SSL_CTX> context(::SSL_CTX_new(::TLS_client_method()));
    owned<BIO> bio(::BIO_new_ssl_connect(context.get()));
    SSL* tls = nullptr;
    ::BIO_get_ssl(bio.get(), &tls);
    ::SSL_set_session(tls, session);
    ::SSL_SESSION_free(session);
    const auto where = "127.0.0.1:" + std::to_string(server.port());
    ::BIO_set_conn_hostname(bio.get(), where.c_str());

    CHECK(::BIO_do_connect(bio.get()) == 1);
    CHECK(::SSL_session_reused(tls) == 1);
}

TEST_CASE("renegotiation is refused") {
    const certificate_folder folder;
    const tls_server server(folder);
    const tls_client client(server.port(), [](auto* c) { only_version(c, TLS1_2_VERSION); });
    REQUIRE_FALSE(client.refused());

    ::SSL_renegotiate(client.tls());

    CHECK(::SSL_do_handshake(client.tls()) != 1);
}

TEST_CASE("bytes that are no TLS end that connection only") {
    const certificate_folder folder;
    const tls_server server(folder);
    tests::raw_client plain(server.port());

    plain.send(tests::get("/"));
    plain.end_sending();

    CHECK_FALSE(plain.read());
    CHECK(tls_client(server.port()).ask_and_close(closing_get("/")).starts_with("HTTP/1.1 200"));
}

TEST_CASE("a new certificate is used for new connections, and the old ones go on") {
    const certificate_folder folder;
    tls_server server(folder);
    const tls_client before(server.port());
    folder.write("second");

    server.listener().reload_certificate();

    const tls_client after(server.port());
    CHECK(before.server_name() == "first");
    CHECK(after.server_name() == "second");
    CHECK(before.ask_and_close(closing_get("/")).starts_with("HTTP/1.1 200"));
}

TEST_CASE("a certificate that cannot be read leaves the old one in use") {
    const certificate_folder folder;
    tls_server server(folder);
    folder.spoil();

    CHECK_THROWS_AS(server.listener().reload_certificate(), std::runtime_error);

    CHECK(tls_client(server.port()).server_name() == "first");
}

TEST_CASE("a missing or foreign key is named at start") {
    const certificate_folder folder;
    const certificate_folder other;
    auto listener = folder.listener();
    listener.private_key_file = other.key();
    CHECK_THROWS_WITH_AS(idp::http::shared_listener(listener, 1),
                         doctest::Contains(other.key().c_str()), std::runtime_error);
    listener.private_key_file = "/nowhere/key.pem";
    CHECK_THROWS_WITH_AS(idp::http::shared_listener(listener, 1),
                         doctest::Contains("/nowhere/key.pem"), std::runtime_error);
}
