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

std::string jwt_of(const json::object& claims, const signing_key& by, std::string_view kid) {
    const json::object header{{"alg", idp::jose::name_of(by.algorithm())}, {"kid", kid}};
    const auto part = base64url::encode(json::serialize(header)) + "." +
                      base64url::encode(json::serialize(claims));
    return part + "." + base64url::encode(by.sign(part));
}

// groupware-web, as a bank would register it.
struct fapi_client {
    explicit fapi_client(algorithm kind = algorithm::ps256,
                         policies::client_profile profile = policies::client_profile::fapi2)
        : key(signing_key::generate(kind)) {
        idp.change_registry([this, profile](policies::registry& all) {
            auto& web = all.applications.at(application_key("groupware")).clients.at(0);
            web.profile = profile;
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
        return jwt_of(claims, key, "k1");
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
    fields request(const fields& more = {}) const {
        fields form{{"response_type", "code"},
                    {"client_id", "groupware-web"},
                    {"redirect_uri", "https://groupware-web.example/callback"},
                    {"scope", "openid profile offline_access"},
                    {"state", "state-1"},
                    {"nonce", "nonce-1"},
                    {"code_challenge", test_idp::challenge},
                    {"code_challenge_method", "S256"}};
        for (const auto& field : more) {
            std::erase_if(form, [&](const auto& one) { return one.first == field.first; });
            if (!field.second.empty()) form.push_back(field);
        }
        return form;
    }
    // The same as an object that the client signed.
    std::string object(const fields& more = {},
                       const std::function<void(json::object&)>& change = {}) {
        const auto now = to_unix_seconds(idp.time.now());
        json::object claims{{"iss", "groupware-web"},
                            {"aud", "https://idp.example"},
                            {"nbf", now},
                            {"exp", now + 300}};
        for (const auto& [name, value] : request(more)) claims[name] = value;
        if (change) change(claims);
        return jwt_of(claims, key, "k1");
    }
    answer push(const fields& form, const fields& headers = {}) {
        return idp.call("/par", with_assertion(form, assertion()), headers);
    }
    answer come_with(const answer& pushed) {
        return idp.get("/authorize", {{"client_id", "groupware-web"},
                                      {"request_uri", pushed.text("request_uri")}});
    }
    answer sign_in() {
        idp.forget_cookies();
        return idp.fill_in(come_with(push(request())), "anna.noack", "Spreewald-7");
    }
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
    const auto no = c.push(c.request());
    CHECK(no.status() == 401);
    CHECK(no.error() == "invalid_client");
    const auto at_token = c.token({{"grant_type", "client_credentials"}}, c.assertion());
    CHECK(at_token.status() == 401);
    CHECK(at_token.error() == "invalid_client");
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

TEST_CASE("par-ensure-pkce-required, par-plain-pkce-rejected: the profile demands the challenge") {
    fapi_client c;
    CHECK(c.push(c.request({{"code_challenge", ""}, {"code_challenge_method", ""}})).error() ==
          "invalid_request");
    CHECK(c.push(c.request({{"code_challenge_method", "plain"}})).error() == "invalid_request");
}

TEST_CASE("ensure-unsigned-authorization-request-without-using-par-fails: fapi2 pushes") {
    fapi_client c;
    const auto refused = c.idp.authorize("groupware-web");
    CHECK(refused.redirected("error") == "invalid_request");
    CHECK(refused.redirected("state") == "state-1");
    CHECK(refused.redirected("iss") == "https://idp.example");
    CHECK(refused.redirected("code").empty());
    // Signed, and brought by the browser: not pushed either.
    const auto by_value =
        c.idp.get("/authorize", {{"client_id", "groupware-web"},
                                 {"redirect_uri", "https://groupware-web.example/callback"},
                                 {"request", c.object()}});
    CHECK(by_value.redirected("error") == "invalid_request");
    CHECK_FALSE(c.sign_in().redirected("code").empty());
}

TEST_CASE("a plain request under way is refused once its client is one of fapi2") {
    fapi_client c(algorithm::ps256, policies::client_profile::oidc);
    const auto page = c.idp.authorize("groupware-web");
    REQUIRE_FALSE(page.hidden("transaction").empty());
    c.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).profile =
            policies::client_profile::fapi2;
    });
    const auto refused = c.idp.fill_in(page, "anna.noack", "Spreewald-7");
    CHECK(refused.redirected("code").empty());
    CHECK(refused.redirected("error") == "invalid_request");
}

TEST_CASE("par-ensure-client-assertion: at /par the audience is the issuer alone too") {
    fapi_client c;
    for (const json::value& audience :
         {json::value("https://idp.example/par"), json::value("https://idp.example/token"),
          json::value(json::array{"https://idp.example"})}) {
        const auto no = c.idp.call(
            "/par", c.with_assertion(c.request(),
                                     c.assertion([&](auto& claims) { claims["aud"] = audience; })));
        CHECK(no.status() == 401);
        CHECK(no.error() == "invalid_client");
    }
}

namespace {

struct signing_client : fapi_client {
    signing_client()
        : fapi_client(algorithm::ps256, policies::client_profile::fapi2_message_signing) {}
    answer push_object(const std::string& jws) {
        return push({{"client_id", "groupware-web"}, {"request", jws}});
    }
    json::object answered(const answer& redirect) const {
        return test_idp::payload(redirect.redirected("response"));
    }
};

const fields answered_signed{{"response_mode", "jwt"}};

}  // namespace

TEST_CASE("message signing: a signed request, pushed, is answered signed and leads to tokens") {
    signing_client c;
    const auto pushed = c.push_object(c.object(answered_signed));
    REQUIRE(pushed.status() == 201);
    const auto redirect = c.idp.fill_in(c.come_with(pushed), "anna.noack", "Spreewald-7");
    const auto answer = c.answered(redirect);
    CHECK(answer.at("aud") == "groupware-web");
    CHECK(answer.at("state") == "state-1");
    CHECK(redirect.redirected("code").empty());
    const auto tokens = c.token({{"grant_type", "authorization_code"},
                                 {"code", std::string(answer.at("code").as_string())},
                                 {"redirect_uri", "https://groupware-web.example/callback"},
                                 {"code_verifier", test_idp::verifier}},
                                c.assertion());
    CHECK(tokens.status() == 200);
}

TEST_CASE("ensure-unsigned-request-at-par-endpoint-fails") {
    signing_client c;
    const auto no = c.push(c.request(answered_signed));
    CHECK(no.status() == 400);
    CHECK(no.error() == "invalid_request");
}

TEST_CASE("message signing: an answer that would not be signed is none, and a refusal is signed") {
    signing_client c;
    for (const auto* mode : {"", "query", "form_post", "fragment"}) {
        CAPTURE(mode);
        const auto no = c.push_object(c.object({{"response_mode", mode}}));
        CHECK(no.status() == 400);
        CHECK(no.error() == "invalid_request");
    }
    CHECK(c.push_object(c.object({{"response_mode", "form_post.jwt"}})).status() == 201);
    const auto refused = c.idp.authorize("groupware-web");
    CHECK(refused.redirected("error").empty());
    CHECK(c.answered(refused).at("error") == "invalid_request");
}

TEST_CASE(
    "ensure-request-object-without-exp-fails, -without-nbf-fails, "
    "ensure-expired-request-object-fails, "
    "ensure-request-object-with-exp-over-60-fails, -with-nbf-over-60-fails, -with-bad-aud-fails: "
    "the "
    "profile demands it, no key of the registry") {
    signing_client c;
    const auto now = to_unix_seconds(c.idp.time.now());
    const std::vector<std::function<void(json::object&)>> changes{
        [](auto& claims) { claims.erase("exp"); },
        [](auto& claims) { claims.erase("nbf"); },
        [&](auto& claims) { claims["exp"] = now - 60; },
        [&](auto& claims) { claims["exp"] = now + 70 * 60; },
        [&](auto& claims) { claims["nbf"] = now - 70 * 60; },
        [](auto& claims) { claims["aud"] = "https://other.example"; },
        [](auto& claims) { claims["request_uri"] = "urn:ietf:params:oauth:request_uri:x"; }};
    for (const auto& change : changes) {
        const auto no = c.push_object(c.object(answered_signed, change));
        CHECK(no.status() == 400);
        CHECK(no.error() == "invalid_request_object");
    }
    CHECK(c.push_object(c.object(answered_signed, [&](auto& claims) {
               claims["nbf"] = now + 8;
           })).status() == 201);
    CHECK(c.push_object(c.object(answered_signed, [](auto& claims) {
               claims["aud"] = json::array{"https://other.example", "https://idp.example"};
           })).status() == 201);
}

TEST_CASE(
    "ensure-signed-request-object-with-RS256-fails, whatever the registered keys are good for") {
    signing_client c;
    const auto rsa = signing_key::generate(algorithm::rs256);
    c.idp.change_registry([&](policies::registry& all) {
        auto& web = all.applications.at(application_key("groupware")).clients.at(0);
        auto own = c.key.to_public_jwk();
        own["kid"] = "k1";
        auto other = rsa.to_public_jwk();
        other["kid"] = "k2";
        web.jwks = json::serialize(json::object{{"keys", json::array{own, other}}});
    });
    const auto now = to_unix_seconds(c.idp.time.now());
    json::object claims{
        {"iss", "groupware-web"}, {"aud", "https://idp.example"}, {"nbf", now}, {"exp", now + 300}};
    for (const auto& [name, value] : c.request(answered_signed)) claims[name] = value;
    CHECK(c.push_object(jwt_of(claims, c.key, "k1")).status() == 201);
    const auto no = c.push_object(jwt_of(claims, rsa, "k2"));
    CHECK(no.status() == 400);
    CHECK(no.error() == "invalid_request_object");
}
