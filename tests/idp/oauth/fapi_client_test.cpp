// What follows from profile = "fapi2" at the endpoints (FAPI 2.0 Security Profile, 5.3). Names of
// modules are the conformance suite's.
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
namespace json = boost::json;
using idp::jose::algorithm;
using idp::jose::signing_key;

namespace {

// groupware-web, as a bank would register it.
struct fapi_client {
    explicit fapi_client(algorithm kind = algorithm::ps256) : key(signing_key::generate(kind)) {
        idp.change_registry([this](policies::registry& all) {
            auto& web = all.applications.at(application_key("groupware")).clients.at(0);
            web.profile = policies::client_profile::fapi2;
            web.authentication = policies::client_authentication::private_key_jwt;
            web.secret_sha256.clear();
            web.dpop_bound_access_tokens = true;
            auto jwk = key.to_public_jwk();
            jwk["kid"] = "k1";
            web.jwks = json::serialize(json::object{{"keys", json::array{jwk}}});
        });
    }

    std::string assertion(const std::function<void(json::object&)>& change = {}) {
        const auto now = to_unix_seconds(idp.time.now());
        json::object claims{{"iss", "groupware-web"},
                            {"sub", "groupware-web"},
                            {"aud", "https://idp.example"},
                            {"iat", now},
                            {"exp", now + 60},
                            {"jti", "id-" + std::to_string(++count)}};
        if (change) change(claims);
        const json::object header{{"alg", idp::jose::name_of(key.algorithm())}, {"kid", "k1"}};
        const auto part = base64url::encode(json::serialize(header)) + "." +
                          base64url::encode(json::serialize(claims));
        return part + "." + base64url::encode(key.sign(part));
    }
    fields with_assertion(fields form, const std::string& jwt) {
        form.emplace_back("client_assertion_type",
                          "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.emplace_back("client_assertion", jwt);
        return form;
    }
    answer token(const fields& form, const std::string& jwt) {
        return idp.call("/token", with_assertion(form, jwt),
                        {{"dpop", proofs.proof_at_token_endpoint()}});
    }
    answer redeem(const answer& redirect, const std::string& jwt) {
        return token({{"grant_type", "authorization_code"},
                      {"code", redirect.redirected("code")},
                      {"redirect_uri", "https://groupware-web.example/callback"},
                      {"code_verifier", test_idp::verifier}},
                     jwt);
    }
    answer sign_in() { return idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"); }
    std::string refusal_of_audience(json::value audience) {
        const auto no =
            redeem(sign_in(), assertion([&](auto& claims) { claims["aud"] = audience; }));
        CHECK(no.status() == 401);
        return no.error();
    }

    test_idp idp;
    signing_key key;
    dpop_client proofs{idp.time};
    int count = 0;
};

}  // namespace

TEST_CASE(
    "par-test-array-as-audience-fails, -token-endpoint-url-as-audience-fails, "
    "-par-endpoint-url-as-audience-fails, ensure-client-assertion-with-wrong-aud-fails") {
    fapi_client c;
    CHECK(c.redeem(c.sign_in(), c.assertion()).status() == 200);
    CHECK(c.refusal_of_audience(json::array{"https://idp.example"}) == "invalid_client");
    CHECK(c.refusal_of_audience("https://idp.example/token") == "invalid_client");
    CHECK(c.refusal_of_audience("https://idp.example/par") == "invalid_client");
    CHECK(c.refusal_of_audience("https://idp.example/") == "invalid_client");
    CHECK(c.refusal_of_audience("https://other.example") == "invalid_client");
    // At introspection and revocation too.
    const auto wrong = [&] {
        return c.assertion([](auto& claims) { claims["aud"] = "https://idp.example/token"; });
    };
    for (const auto* path : {"/introspect", "/revoke"})
        CHECK(c.idp.call(path, c.with_assertion({{"token", "x"}}, wrong())).status() == 401);
}

TEST_CASE("ensure-signed-client-assertion-with-RS256-fails") {
    fapi_client c(algorithm::rs256);
    const auto no = c.redeem(c.sign_in(), c.assertion());
    CHECK(no.status() == 401);
    CHECK(no.error() == "invalid_client");
}

TEST_CASE("ensure-client-assertion-with-exp-is-5-minutes-in-past-fails, -with-no-sub-fails") {
    fapi_client c;
    const auto now = to_unix_seconds(c.idp.time.now());
    CHECK(c.redeem(c.sign_in(), c.assertion([&](auto& claims) {
               claims["exp"] = now - 300;
           })).error() == "invalid_client");
    CHECK(c.redeem(c.sign_in(), c.assertion([](auto& claims) { claims.erase("sub"); })).error() ==
          "invalid_client");
}

TEST_CASE(
    "par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted, "
    "-over-60-seconds-in-the-future-fails") {
    fapi_client c;
    const auto now = to_unix_seconds(c.idp.time.now());
    CHECK(c.redeem(c.sign_in(), c.assertion([&](auto& claims) {
               claims["nbf"] = now + 8;
           })).status() == 200);
    CHECK(c.redeem(c.sign_in(), c.assertion([&](auto& claims) {
               claims["nbf"] = now + 61;
           })).error() == "invalid_client");
}

TEST_CASE(
    "refresh-token: not rotated; the old one works after half a minute, and never without a "
    "proof") {
    fapi_client c;
    const auto first = c.redeem(c.sign_in(), c.assertion());
    REQUIRE(first.status() == 200);
    const fields form{{"grant_type", "refresh_token"},
                      {"refresh_token", first.text("refresh_token")}};
    CHECK(c.token(form, c.assertion()).status() == 200);
    c.idp.time.turn(std::chrono::seconds(31));
    const auto later = c.token(form, c.assertion());
    CHECK(later.status() == 200);
    CHECK(later.text("refresh_token") == first.text("refresh_token"));
    const auto without = c.idp.call("/token", c.with_assertion(form, c.assertion()));
    CHECK(without.status() == 400);
    CHECK(without.error() == "invalid_dpop_proof");
    CHECK(c.idp.call("/token", form, {{"dpop", c.proofs.proof_at_token_endpoint()}}).status() ==
          401);
}

TEST_CASE("par-ensure-pkce-required: the profile demands the challenge") {
    fapi_client c;
    const auto no =
        c.idp.authorize("groupware-web", {{"code_challenge", ""}, {"code_challenge_method", ""}});
    CHECK(no.redirected("error") == "invalid_request");
}
