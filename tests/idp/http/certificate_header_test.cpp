// Certificates of clients as proxies hand them on: one certificate in every form.
#include "idp/http/certificate_header.hpp"
#include "idp/http/client_certificate.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass::idp::http;

namespace {

// No certificate, but a DER sequence of 300 bytes: the header is read, not judged.
std::string der() {
    std::string made("\x30\x82\x01\x28", 4);
    for (int i = 0; i < 0x128; ++i) made.push_back(static_cast<char>(i * 7));
    return made;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group =
                group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (unsigned k = 0; k < 4; ++k)
            text.push_back(i + k > bytes.size() ? '=' : alphabet[group >> (18 - 6 * k) & 63U]);
    }
    return text;
}

// As `openssl x509` writes it, with this between the lines.
std::string pem(std::string_view line_end) {
    const auto text = base64(der());
    std::string made = "-----BEGIN CERTIFICATE-----" + std::string(line_end);
    for (std::size_t i = 0; i < text.size(); i += 64)
        made += text.substr(i, 64) + std::string(line_end);
    return made + "-----END CERTIFICATE-----" + std::string(line_end);
}

std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string made;
    for (const char c : text) {
        if (c != ' ' && c != '\n' && c != '+' && c != '/' && c != '=') {
            made.push_back(c);
            continue;
        }
        made.push_back('%');
        made.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        made.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return made;
}

request with_headers(std::initializer_list<std::pair<std::string, std::string>> all) {
    request made;
    made.headers.assign(all);
    return made;
}

}  // namespace

TEST_CASE("HAProxy, Traefik, nginx, Apache and RFC 9440 give the same certificate") {
    const auto text = base64(der());
    for (const auto& value :
         {text, escaped(text), ":" + text + ":", pem(" "), escaped(pem("\n"))}) {
        INFO(value);
        const auto found = certificate_in_header(value);
        REQUIRE(found.has_value());
        CHECK(*found == der());
    }
}

TEST_CASE("what is no one certificate is none") {
    const auto text = base64(der());
    for (const auto& value :
         {std::string(), std::string(":"), std::string("::"), ":" + text, text + ":",
          text.substr(4), text + text, text + "AAAA", "-----BEGIN CERTIFICATE-----" + text,
          pem(" ") + pem(" "), pem(" ").substr(1), escaped(pem("\n")) + "%", "%zz" + text,
          base64("short"), std::string(20'000, 'A'), "\"" + text + "\""}) {
        INFO(value.substr(0, 80));
        CHECK_FALSE(certificate_in_header(value).has_value());
    }
}

TEST_CASE("a certificate's header counts from a trusted proxy alone, and is taken off") {
    const auto text = base64(der());
    auto trusted = with_headers({{"client-cert", ":" + text + ":"}, {"host", "idp.example"}});
    take_certificate(trusted, "client-cert", true, {});
    CHECK(trusted.certificate == der());
    CHECK_FALSE(trusted.header("client-cert").has_value());
    CHECK(trusted.header("host").has_value());

    auto forged = with_headers({{"client-cert", ":" + text + ":"}});
    take_certificate(forged, "client-cert", false, {});
    CHECK(forged.certificate.empty());
    CHECK(forged.certificate_ignored);
    CHECK(forged.headers.empty());

    auto beside_tls = with_headers({{"client-cert", ":" + text + ":"}});
    take_certificate(beside_tls, "client-cert", false, "of the connection");
    CHECK(beside_tls.certificate == "of the connection");

    auto without = with_headers({{"client-cert", ""}});
    take_certificate(without, "client-cert", true, {});
    CHECK(without.certificate.empty());
    CHECK_FALSE(without.certificate_unreadable);

    auto not_named = with_headers({{"client-cert", ":" + text + ":"}});
    take_certificate(not_named, "", true, {});
    CHECK(not_named.certificate.empty());
}

TEST_CASE("two such headers, and one that cannot be read, are neither one nor none") {
    const auto text = base64(der());
    auto twice =
        with_headers({{"client-cert", ":" + text + ":"}, {"client-cert", ":" + text + ":"}});
    take_certificate(twice, "client-cert", true, {});
    CHECK(twice.certificate_unreadable);
    CHECK(twice.certificate.empty());
    auto garbled = with_headers({{"client-cert", "garbled"}});
    take_certificate(garbled, "client-cert", true, {});
    CHECK(garbled.certificate_unreadable);
    // Nothing of one request is left for the next on the same connection.
    take_certificate(garbled, "client-cert", true, {});
    CHECK_FALSE(garbled.certificate_unreadable);
}
