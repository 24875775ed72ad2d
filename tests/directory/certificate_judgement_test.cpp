// What is wrong with a directory server's certificate, each by its name. No socket.
#include "directory/line/certificate_judgement.hpp"

#include "directory/line/openssl_owned.hpp"
#include "tests/support/crafted_certificate.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include <ctime>

using namespace kommpass;
using namespace kommpass::directory;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

using owned_store = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;

owned_x509 read(const crafted_certificate& one) {
    const owned_bio memory(
        BIO_new_mem_buf(one.certificate.data(), static_cast<int>(one.certificate.size())));
    return owned_x509(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
}

// The ids of what is wrong, "" for nothing.
std::string judged(const crafted_certificate& own, const crafted_certificate& trusted,
                   const std::string& host = "127.0.0.1", std::string* words = nullptr) {
    const owned_store store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), read(trusted).get());
    const auto wrong =
        judge_certificate(store.get(), read(own).get(), nullptr, host, std::time(nullptr));
    if (words != nullptr) *words = in_words(wrong);
    std::string all;
    for (const auto& one : wrong)
        all += (all.empty() ? "" : " ") + std::string(words_of(one.what).id);
    return all;
}

const crafted_certificate& authority() {
    static const auto one = craft({.subject = "Amt-CA", .names = "", .is_authority = true});
    return one;
}

crafted_certificate issued(certificate_wish wish) { return craft(wish, &authority()); }

}  // namespace

TEST_CASE("a certificate that is right is right, by its authority or believed for itself") {
    CHECK(judged(issued({}), authority()).empty());
    const auto confirmed = craft({});
    CHECK(judged(confirmed, confirmed).empty());
    CHECK(judged(issued({.names = "DNS:dc1.amt.example,DNS:*.dc.amt.example"}), authority(),
                 "a.dc.amt.example")
              .empty());
}

TEST_CASE("each fault of a certificate has its name, and names the certificate") {
    std::string words;
    CHECK(judged(issued({.until = -1h}), authority(), "127.0.0.1", &words) == "tls.expired");
    CHECK(words.find("CN=directory < CN=Amt-CA") != std::string::npos);
    CHECK(words.find("SHA-256 ") != std::string::npos);
    CHECK(judged(issued({.from = 1h}), authority()) == "tls.not_yet_valid");
    CHECK(judged(craft({}), authority()) == "tls.unknown_ca");
    CHECK(judged(issued({.names = "DNS:ldap.amt.example"}), authority(), "127.0.0.1", &words) ==
          "tls.host_name_differs");
    CHECK(words.find("ldap.amt.example; CN=directory") != std::string::npos);
    CHECK(judged(issued({.key = "RSA-1024"}), authority(), "127.0.0.1", &words) == "tls.weak_key");
    CHECK(words.find("RSA 1024 bit") != std::string::npos);
    CHECK(judged(issued({.digest = "SHA1"}), authority()) == "tls.weak_signature");
}

TEST_CASE("several faults at once are all told; a weak key stays one, whoever confirmed it") {
    const auto all = judged(issued({.names = "DNS:x.example", .until = -1h}), authority());
    CHECK(all.find("tls.expired") != std::string::npos);
    CHECK(all.find("tls.host_name_differs") != std::string::npos);
    const auto weak = craft({.key = "RSA-1024"});
    CHECK(judged(weak, weak) == "tls.weak_key");
    // The common name alone is no name (RFC 6125, 6.4.4).
    CHECK(judged(issued({.subject = "127.0.0.1", .names = ""}), authority()) ==
          "tls.host_name_differs");
    CHECK(judged(issued({.subject = "dc1.amt.example", .names = ""}), authority(),
                 "dc1.amt.example") == "tls.host_name_differs");
}

TEST_CASE("an authority's own faults count: expired, and too short a key") {
    const auto old = craft({.subject = "Alt-CA", .names = "", .until = -1h, .is_authority = true});
    CHECK(judged(craft({}, &old), old) == "tls.expired");
    const auto weak =
        craft({.subject = "Kurz-CA", .names = "", .key = "RSA-1024", .is_authority = true});
    CHECK(judged(craft({}, &weak), weak) == "tls.weak_key");
}
