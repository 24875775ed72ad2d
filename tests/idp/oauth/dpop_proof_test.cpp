// RFC 9449, 4.3: what a proof must be. The form only; what endpoints do with it is in
// dpop_test.cpp.
#include "idp/oauth/dpop_proof.hpp"
#include "idp/oauth/dpop_nonce.hpp"
#include "idp/oauth/key_confirmation.hpp"
#include "idp/oauth/request_address.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/turned_clock.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::jose::algorithm;
using idp::oauth::read_dpop_proof;
namespace oauth = idp::oauth;
namespace json = boost::json;

namespace {

constexpr auto address = "https://idp.example/token";

struct proofs {
    turned_clock time;
    dpop_client client{time};

    bool good(const dpop_client::change& altered) {
        return read_dpop_proof(client.proof("POST", address, altered), time.now()).has_value();
    }
    bool good_claims(const std::function<void(json::object&)>& altered) {
        return good([&](json::object&, json::object& claims) { altered(claims); });
    }
    bool good_header(const std::function<void(json::object&)>& altered) {
        return good([&](json::object& header, json::object&) { altered(header); });
    }
};

}  // namespace

TEST_CASE("a proof says key, method, address, time and number") {
    turned_clock time;
    for (const auto kind : {algorithm::es256, algorithm::ps256, algorithm::eddsa}) {
        const dpop_client client(time, kind);
        const auto proof = read_dpop_proof(client.proof("POST", address), time.now());
        REQUIRE(proof.has_value());
        CHECK(proof->thumbprint == client.thumbprint());
        CHECK(proof->method == "POST");
        CHECK(proof->address == address);
        CHECK(proof->issued_at == time.now());
        CHECK(proof->id == "proof-1");
    }
    const dpop_client client(time, algorithm::rs256);
    const auto refused = read_dpop_proof(client.proof("POST", address), time.now());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().description == "the proof's alg is none of ES256 PS256 EdDSA Ed25519");
}

TEST_CASE("dpop-negative-tests: a proof with a missing or wrong piece is none") {
    proofs p;
    CHECK(p.good({}));
    SUBCASE("header") {
        CHECK_FALSE(p.good_header([](auto& h) { h.erase("typ"); }));
        CHECK_FALSE(p.good_header([](auto& h) { h["typ"] = "JWT"; }));
        CHECK_FALSE(p.good_header([](auto& h) { h.erase("alg"); }));
        CHECK_FALSE(p.good_header([](auto& h) { h["alg"] = "none"; }));
        CHECK_FALSE(p.good_header([](auto& h) { h["alg"] = "HS256"; }));
        CHECK_FALSE(p.good_header([](auto& h) { h["alg"] = "PS256"; }));  // not the key's
        CHECK_FALSE(p.good_header([](auto& h) { h.erase("jwk"); }));
        CHECK_FALSE(p.good_header([](auto& h) { h["jwk"] = "text"; }));
        CHECK_FALSE(p.good_header([](auto& h) { h["crit"] = json::array{"exp"}; }));
        CHECK_FALSE(p.good_header([](auto& h) { h["jku"] = "https://elsewhere.example/"; }));
        CHECK_FALSE(p.good_header([](auto& h) { h["b64"] = false; }));
    }
    SUBCASE("a private key, a symmetric one, another one, one too large") {
        CHECK_FALSE(p.good_header([](auto& h) { h["jwk"].as_object()["d"] = "AAAA"; }));
        CHECK_FALSE(p.good_header([](auto& h) {
            h["jwk"] = json::object{{"kty", "oct"}, {"k", "c2VjcmV0"}};
        }));
        const dpop_client other(p.time);
        CHECK_FALSE(p.good_header([&](auto& h) { h["jwk"] = other.key().to_public_jwk(); }));
        CHECK_FALSE(p.good_header([](auto& h) {
            h["alg"] = "PS256";
            h["jwk"] = json::object{{"kty", "RSA"}, {"e", "AQAB"}, {"n", std::string(1366, 'x')}};
        }));
    }
    SUBCASE("claims") {
        for (const auto* name : {"jti", "htm", "htu", "iat"}) {
            INFO(name);
            CHECK_FALSE(p.good_claims([&](auto& c) { c.erase(name); }));
            CHECK_FALSE(p.good_claims([&](auto& c) { c[name] = json::array{}; }));
            CHECK_FALSE(p.good_claims([&](auto& c) { c[name] = ""; }));
        }
        CHECK_FALSE(p.good_claims([](auto& c) { c["jti"] = std::string(10'000, 'j'); }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["htu"] = "/token"; }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["htu"] = "https://x@idp.example/token"; }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["iat"] = -1; }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["iat"] = 1e300; }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["ath"] = 1; }));
        CHECK_FALSE(p.good_claims([](auto& c) { c["nonce"] = true; }));
    }
    SUBCASE("form") {
        const auto proof = p.client.proof("POST", address);
        const auto now = p.time.now();
        CHECK_FALSE(read_dpop_proof("", now).has_value());
        CHECK_FALSE(read_dpop_proof(proof + "." + proof, now).has_value());
        CHECK_FALSE(read_dpop_proof(proof.substr(0, proof.rfind('.') + 1), now).has_value());
        auto altered = proof;
        altered[altered.size() - 5] = altered[altered.size() - 5] == 'A' ? 'B' : 'A';
        CHECK_FALSE(read_dpop_proof(altered, now).has_value());
    }
}

TEST_CASE("check-dpop-proof-nbf-exp: more than what is demanded is no harm while it holds") {
    proofs p;
    const auto now = to_unix_seconds(p.time.now());
    CHECK(p.good_claims([&](auto& c) {
        c["nbf"] = now;
        c["exp"] = now + 60;
        c["iss"] = "groupware-web";
    }));
    CHECK(p.good_header([](auto& h) { h["kid"] = "k1"; }));
    CHECK(p.good_header([](auto& h) { h["typ"] = "DPoP+JWT"; }));
    CHECK(p.good_claims([&](auto& c) { c["iat"] = static_cast<double>(now) + 0.25; }));
    CHECK_FALSE(p.good_claims([&](auto& c) { c["nbf"] = now + 60; }));
    CHECK_FALSE(p.good_claims([&](auto& c) { c["exp"] = now - 60; }));
}

TEST_CASE("how far the time of a proof may be off, alone and with a nonce") {
    using oauth::proof_age;
    turned_clock time;
    const auto age = [&](std::chrono::seconds off) {
        oauth::dpop_proof proof;
        proof.issued_at = time.now() + off;
        return oauth::age_of(proof, time.now());
    };
    using std::chrono::seconds;
    CHECK(age(seconds(0)) == proof_age::fresh);
    CHECK(age(seconds(-10)) == proof_age::fresh);
    CHECK(age(seconds(10)) == proof_age::fresh);
    CHECK(age(seconds(-61)) == proof_age::fresh_with_nonce_only);
    CHECK(age(seconds(31)) == proof_age::fresh_with_nonce_only);
    CHECK(age(seconds(-240)) == proof_age::fresh_with_nonce_only);
    CHECK(age(seconds(-301)) == proof_age::wrong);
    CHECK(age(seconds(301)) == proof_age::wrong);
    CHECK(age(seconds(-3600)) == proof_age::wrong);
}

TEST_CASE("two addresses that mean the same are the same (RFC 3986, 6.2.2 and 6.2.3)") {
    const auto same = [](std::string_view a, std::string_view b) {
        const auto x = oauth::normalized_address(a);
        return x && x == oauth::normalized_address(b);
    };
    CHECK(same("https://idp.example/token", "HTTPS://IDP.Example:443/token?x=y#z"));
    CHECK(same("https://idp.example", "https://idp.example/"));
    CHECK(same("https://idp.example/%74oken", "https://idp.example/token"));
    CHECK(same("https://[2001:DB8::5]/token", "https://[2001:db8::5]:443/token"));
    CHECK_FALSE(same("https://idp.example/token", "https://idp.example/Token"));
    CHECK_FALSE(same("https://idp.example/token", "https://idp.example/token/"));
    CHECK_FALSE(same("https://idp.example/token", "https://idp.example:8443/token"));
    CHECK_FALSE(same("https://idp.example/token", "http://idp.example/token"));
    CHECK_FALSE(same("https://idp.example/token", "https://idp.example.evil.example/token"));
    for (const auto* bad : {"", "idp.example/token", "https://", "https:///token", "ftp://a/b",
                            "https://a b/", "https://user@idp.example/token", "https://idp/%2",
                            "https://idp/%zz", "https://idp:port/", "https://:443/"}) {
        INFO(bad);
        CHECK_FALSE(oauth::normalized_address(bad).has_value());
    }
}

TEST_CASE("a key is written down and read again") {
    using oauth::key_confirmation;
    for (const auto by : {key_confirmation::kind::dpop, key_confirmation::kind::certificate}) {
        const key_confirmation key{by, "abc-_1"};
        CHECK(oauth::key_confirmation_in(oauth::to_text(key)) == key);
        json::object claims;
        oauth::add_confirmation(claims, key);
        CHECK(oauth::confirmation_of(claims) == key);
    }
    CHECK(oauth::to_text({}).empty());
    CHECK_FALSE(oauth::key_confirmation_in("").exists());
    CHECK_FALSE(oauth::key_confirmation_in("other:abc").exists());
    CHECK_FALSE(oauth::confirmation_of({{"cnf", "jkt"}}).exists());
}
