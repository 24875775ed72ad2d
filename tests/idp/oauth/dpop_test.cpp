// DPoP (RFC 9449) at the endpoints: tokens that are good only with their key. Names of modules are
// those of the conformance suite's plan FAPI 2.0 Security Profile.
#include "idp/http/request.hpp"
#include "idp/oauth/dpop_nonce.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"
#include "tests/support/dpop_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
namespace json = boost::json;

namespace {

constexpr auto userinfo_address = "https://idp.example/userinfo";

struct bound_tokens {
    test_idp idp;
    dpop_client key{idp.time};

    policies::client& client_in(policies::registry& all, const std::string& id) {
        for (auto& [name, application] : all.applications) {
            for (auto& one : application.clients) {
                if (one.id.view() == id) return one;
            }
        }
        throw std::logic_error("no client " + id);
    }
    void demand_dpop(const std::string& client) {
        idp.change_registry([&](policies::registry& all) {
            client_in(all, client).dpop_bound_access_tokens = true;
        });
    }
    answer redeem(const std::string& client, const answer& redirect, const std::string& proof) {
        auto request = idp.redemption_of(client, redirect);
        if (!proof.empty()) request.headers.emplace_back("dpop", proof);
        return idp.send(std::move(request));
    }
    answer refresh(const std::string& client, const std::string& token, const std::string& proof) {
        auto request = idp.refresh_of(client, token);
        if (!proof.empty()) request.headers.emplace_back("dpop", proof);
        return idp.send(std::move(request));
    }
    answer sign_in(const std::string& client, const fields& more = {}) {
        return idp.sign_in(client, "anna.noack", "Spreewald-7", more);
    }
    answer tokens(const std::string& client = "groupware-web") {
        return redeem(client, sign_in(client), key.proof_at_token_endpoint());
    }
    answer userinfo(const std::string& token, const std::string& proof,
                    const std::string& scheme = "DPoP ") {
        fields headers{{"authorization", scheme + token}};
        if (!proof.empty()) headers.emplace_back("dpop", proof);
        return idp.call_get("/userinfo", headers);
    }
    std::string proof_for(const std::string& token, const dpop_client::change& altered = {}) {
        return key.proof_for(token, "GET", userinfo_address, altered);
    }
};

dpop_client::change with_claim(const char* name, json::value value) {
    return [=](json::object&, json::object& claims) { claims[name] = value; };
}

}  // namespace

TEST_CASE("a proof at the token endpoint binds the access token to its key") {
    bound_tokens b;
    const auto given = b.tokens();
    REQUIRE(given.status() == 200);
    CHECK(given.text("token_type") == "DPoP");
    const auto token = given.text("access_token");
    const auto cnf = test_idp::payload(token).at("cnf").as_object();
    CHECK(cnf.at("jkt").as_string() == b.key.thumbprint());
    CHECK(b.userinfo(token, b.proof_for(token)).status() == 200);

    const auto told = b.idp.introspect("groupware-web", token);
    CHECK(told.text("token_type") == "DPoP");
    CHECK(told.json().at("cnf").as_object().at("jkt").as_string() == b.key.thumbprint());

    const auto bearer = b.idp.tokens("groupware-web");
    CHECK(bearer.text("token_type") == "Bearer");
    CHECK_FALSE(test_idp::payload(bearer.text("access_token")).contains("cnf"));
}

TEST_CASE("a machine's token is bound as well") {
    bound_tokens b;
    b.demand_dpop("mailserver");
    const fields form{{"grant_type", "client_credentials"}};
    auto without = b.idp.call_as("mailserver", "/token", form);
    CHECK(without.status() == 400);
    CHECK(without.error() == "invalid_dpop_proof");
    auto basic = std::string("Basic bWFpbHNlcnZlcjpncm91cHdhcmUtc2VjcmV0LW9mLXRoZS10ZXN0cw==");
    const auto given = b.idp.call(
        "/token", form, {{"authorization", basic}, {"dpop", b.key.proof_at_token_endpoint()}});
    REQUIRE(given.status() == 200);
    CHECK(given.text("token_type") == "DPoP");
}

TEST_CASE(
    "ensure-holder-of-key-required: a client registered for it gets nothing without a proof") {
    bound_tokens b;
    b.demand_dpop("groupware-web");
    const auto redirect = b.sign_in("groupware-web");
    const auto refused = b.redeem("groupware-web", redirect, {});
    CHECK(refused.status() == 400);
    CHECK(refused.error() == "invalid_dpop_proof");
    // Nothing was spent by that.
    CHECK(b.redeem("groupware-web", redirect, b.key.proof_at_token_endpoint()).status() == 200);
}

TEST_CASE("dpop-negative-tests: at the resource only the right proof opens") {
    bound_tokens b;
    const auto token = b.tokens().text("access_token");
    const auto refused = [&](const std::string& proof) {
        const auto no = b.userinfo(token, proof);
        CHECK(no.status() == 401);
        const auto challenge = no.header("WWW-Authenticate");
        CHECK(challenge.starts_with("DPoP "));
        CHECK(challenge.find("error=\"invalid_") != std::string::npos);
        CHECK(challenge.find("algs=\"ES256 PS256 EdDSA Ed25519\"") != std::string::npos);
    };
    const auto now = to_unix_seconds(b.idp.time.now());
    refused("");
    refused("a.b.c");
    refused(b.proof_for(token, with_claim("htm", "POST")));
    refused(b.proof_for(token, with_claim("htu", "https://idp.example/token")));
    refused(b.proof_for(token, with_claim("htu", "http://10.1.1.5:8080/userinfo")));
    refused(b.proof_for(token, with_claim("iat", now - 3600)));
    refused(b.proof_for(token, with_claim("iat", now + 3600)));
    refused(b.proof_for(token, with_claim("ath", "AAAA")));
    refused(b.key.proof("GET", userinfo_address));  // no ath
    refused(b.proof_for("another token"));
    refused(b.proof_for(token, [](auto& header, auto&) { header["typ"] = "JWT"; }));
    const dpop_client thief(b.idp.time);
    refused(thief.proof_for(token, "GET", userinfo_address));

    const auto twice = b.idp.call_get("/userinfo", {{"authorization", "DPoP " + token},
                                                    {"dpop", b.proof_for(token)},
                                                    {"dpop", b.proof_for(token)}});
    CHECK(twice.status() == 401);
    CHECK(b.userinfo(token, b.proof_for(token)).status() == 200);
}

TEST_CASE("a bound token is no bearer token, and a bearer token is not bound") {
    bound_tokens b;
    const auto token = b.tokens().text("access_token");
    const auto as_bearer = b.userinfo(token, b.proof_for(token), "Bearer ");
    CHECK(as_bearer.status() == 401);
    CHECK(as_bearer.header("WWW-Authenticate").starts_with("DPoP "));
    CHECK(as_bearer.error() == "invalid_token");
    CHECK(b.idp.call("/userinfo", {{"access_token", token}}).status() == 401);
    CHECK(b.idp.get("/userinfo", {{"access_token", token}}).status() == 401);

    const auto plain = b.idp.tokens("groupware-web").text("access_token");
    const auto as_bound = b.userinfo(plain, b.proof_for(plain));
    CHECK(as_bound.status() == 401);
    CHECK(as_bound.error() == "invalid_token");
    const auto nothing = b.idp.call_get("/userinfo", {});
    CHECK(nothing.header("WWW-Authenticate").starts_with("Bearer "));
    CHECK(nothing.header("WWW-Authenticate").find("DPoP ") != std::string::npos);
}

TEST_CASE("access-token-type-header-case-sensitivity, check-dpop-proof-nbf-exp") {
    bound_tokens b;
    const auto token = b.tokens().text("access_token");
    CHECK(b.userinfo(token, b.proof_for(token), "dPOP ").status() == 200);
    const auto now = to_unix_seconds(b.idp.time.now());
    CHECK(b.userinfo(token, b.proof_for(token, [&](auto&, auto& claims) {
               claims["nbf"] = now;
               claims["exp"] = now + 60;
           })).status() == 200);
    CHECK(b.userinfo(token,
                     b.proof_for(token, with_claim("htu", "HTTPS://IDP.example:443/userinfo?x=1")))
              .status() == 200);
}

TEST_CASE("ensure-dpopproof-with-iat-10seconds-before-succeeds, -after-succeeds") {
    bound_tokens b;
    const auto now = to_unix_seconds(b.idp.time.now());
    for (const auto off : {-10, 10}) {
        const auto given = b.redeem("groupware-web", b.sign_in("groupware-web"),
                                    b.key.proof_at_token_endpoint(with_claim("iat", now + off)));
        REQUIRE(given.status() == 200);
        const auto token = given.text("access_token");
        CHECK(b.userinfo(token, b.proof_for(token, with_claim("iat", now + off))).status() == 200);
    }
}

TEST_CASE("a proof works once, and what one key numbers its proofs by is nothing to another") {
    bound_tokens b;
    const auto token = b.tokens().text("access_token");
    const auto proof = b.proof_for(token, with_claim("jti", "1"));
    CHECK(b.userinfo(token, proof).status() == 200);
    const auto again = b.userinfo(token, proof);
    CHECK(again.status() == 401);
    CHECK(again.error() == "invalid_dpop_proof");

    const dpop_client other(b.idp.time);
    const auto given = b.redeem("groupware-web", b.sign_in("groupware-web"),
                                other.proof_at_token_endpoint(with_claim("jti", "1")));
    CHECK(given.status() == 200);
    // The same number at another address is another proof.
    CHECK(b.redeem("groupware-web", b.sign_in("groupware-web"),
                   b.key.proof_at_token_endpoint(with_claim("jti", "1")))
              .status() == 200);
}

TEST_CASE("of the same proof at the same moment one is taken") {
    bound_tokens b;
    const auto token = b.tokens().text("access_token");
    const auto proof = b.proof_for(token);
    std::vector<idp::http::request> all;
    for (int i = 0; i < 20; ++i) {
        idp::http::request one;
        one.path = "/userinfo";
        one.headers = {{"authorization", "DPoP " + token}, {"dpop", proof}};
        all.push_back(std::move(one));
    }
    const auto answers = b.idp.send_together(std::move(all));
    CHECK(std::count_if(answers.begin(), answers.end(),
                        [](const answer& one) { return one.status() == 200; }) == 1);
}

TEST_CASE(
    "ensure-dpop-auth-code-binding-success, "
    "ensure-token-endpoint-fails-with-mismatched-dpop-jkt") {
    bound_tokens b;
    const fields bound{{"dpop_jkt", b.key.thumbprint()}};
    const auto right = b.redeem("groupware-web", b.sign_in("groupware-web", bound),
                                b.key.proof_at_token_endpoint());
    CHECK(right.status() == 200);

    const dpop_client other(b.idp.time);
    const auto wrong = b.redeem("groupware-web", b.sign_in("groupware-web", bound),
                                other.proof_at_token_endpoint());
    CHECK(wrong.status() == 400);
    CHECK(wrong.error() == "invalid_dpop_proof");
    const auto none = b.redeem("groupware-web", b.sign_in("groupware-web", bound), {});
    CHECK(none.status() == 400);
    CHECK(none.error() == "invalid_dpop_proof");
    const auto malformed = b.idp.authorize("groupware-web", {{"dpop_jkt", "no thumbprint"}});
    CHECK(malformed.redirected("error") == "invalid_request");
}

TEST_CASE("refresh-token: a public client's refresh token needs the same key") {
    bound_tokens b;
    const auto first = b.tokens("groupware-native");
    REQUIRE(first.status() == 200);
    const auto token = first.text("refresh_token");
    const dpop_client other(b.idp.time);
    const auto without = b.refresh("groupware-native", token, {});
    CHECK(without.status() == 400);
    CHECK(without.error() == "invalid_dpop_proof");
    CHECK(b.refresh("groupware-native", token, other.proof_at_token_endpoint()).error() ==
          "invalid_dpop_proof");
    // That ended nothing.
    const auto second = b.refresh("groupware-native", token, b.key.proof_at_token_endpoint());
    REQUIRE(second.status() == 200);
    CHECK(second.text("token_type") == "DPoP");
    CHECK(second.text("refresh_token") != token);
    CHECK(b.refresh("groupware-native", token, b.key.proof_at_token_endpoint()).error() ==
          "invalid_grant");
}

TEST_CASE("a repeated token from another key is a stolen one") {
    bound_tokens b;
    b.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).refresh_reuse_grace =
            std::chrono::seconds(10);
    });
    const auto token = b.tokens("groupware-native").text("refresh_token");
    const auto next = b.refresh("groupware-native", token, b.key.proof_at_token_endpoint());
    const auto again = b.refresh("groupware-native", token, b.key.proof_at_token_endpoint());
    CHECK(again.text("refresh_token") == next.text("refresh_token"));
    const dpop_client thief(b.idp.time);
    CHECK(b.refresh("groupware-native", token, thief.proof_at_token_endpoint()).error() ==
          "invalid_grant");
    CHECK(b.refresh("groupware-native", next.text("refresh_token"), b.key.proof_at_token_endpoint())
              .error() == "invalid_grant");
    CHECK(b.idp.audited("refresh_token.reuse_detected"));
}

TEST_CASE(
    "refresh-token: a confidential client keeps its token, may change keys, never goes without") {
    bound_tokens b;
    const auto token = b.tokens().text("refresh_token");
    CHECK(b.refresh("groupware-web", token, {}).error() == "invalid_dpop_proof");
    const auto second = b.refresh("groupware-web", token, b.key.proof_at_token_endpoint());
    REQUIRE(second.status() == 200);
    CHECK(second.text("refresh_token") == token);
    b.idp.time.turn(std::chrono::seconds(30));
    const dpop_client newer(b.idp.time);
    const auto third = b.refresh("groupware-web", token, newer.proof_at_token_endpoint());
    REQUIRE(third.status() == 200);
    const auto cnf = test_idp::payload(third.text("access_token")).at("cnf").as_object();
    CHECK(cnf.at("jkt").as_string() == newer.thumbprint());
}

TEST_CASE("a client whose clock is minutes off is given a nonce, and is right with it") {
    bound_tokens b;
    const auto now = to_unix_seconds(b.idp.time.now());
    const auto late = with_claim("iat", now - 240);
    const auto redirect = b.sign_in("groupware-web");
    const auto asked = b.redeem("groupware-web", redirect, b.key.proof_at_token_endpoint(late));
    CHECK(asked.status() == 400);
    CHECK(asked.error() == "use_dpop_nonce");
    b.key.nonce = asked.header("DPoP-Nonce");
    REQUIRE_FALSE(b.key.nonce.empty());
    const auto given = b.redeem("groupware-web", redirect, b.key.proof_at_token_endpoint(late));
    REQUIRE(given.status() == 200);
    CHECK(given.header("DPoP-Nonce").empty());

    const auto token = given.text("access_token");
    // The resources' nonces are others.
    const auto at_resource = b.userinfo(token, b.proof_for(token));
    CHECK(at_resource.status() == 401);
    CHECK(at_resource.header("WWW-Authenticate").find("error=\"use_dpop_nonce\"") !=
          std::string::npos);
    b.key.nonce = at_resource.header("DPoP-Nonce");
    CHECK(b.userinfo(token, b.proof_for(token)).status() == 200);

    b.idp.time.turn(std::chrono::minutes(5));
    const auto last_period = b.userinfo(token, b.proof_for(token));
    CHECK(last_period.status() == 200);
    CHECK_FALSE(last_period.header("DPoP-Nonce").empty());
}

TEST_CASE("a nonce of a quarter of an hour ago is asked for anew") {
    bound_tokens b;
    auto& keys = b.idp.parts().keys;
    b.key.nonce = idp::oauth::dpop_nonce(*keys.get(), idp::oauth::nonce_realm::authorization,
                                         b.idp.time.now());
    b.idp.time.turn(std::chrono::minutes(15));
    const auto late = with_claim("iat", to_unix_seconds(b.idp.time.now()) - 240);
    const auto asked =
        b.redeem("groupware-web", b.sign_in("groupware-web"), b.key.proof_at_token_endpoint(late));
    CHECK(asked.error() == "use_dpop_nonce");
    CHECK(asked.header("DPoP-Nonce") != b.key.nonce);
}

TEST_CASE("a client that keeps the latest nonce is asked once, never twice in a row") {
    bound_tokens b;
    const auto& keys = b.idp.parts().keys;
    const auto& time = b.idp.time;
    using idp::oauth::nonce_realm;
    using idp::oauth::nonce_standing;
    std::string kept;
    int asked = 0;
    bool twice = false;
    for (int i = 0; i < 1000; ++i) {  // one request each 3 s for 50 minutes
        const auto standing = [&] {
            return idp::oauth::judge_dpop_nonce(*keys.get(), nonce_realm::resource, kept,
                                                time.now());
        };
        if (standing() == nonce_standing::unknown) {
            ++asked;
            kept = idp::oauth::dpop_nonce(*keys.get(), nonce_realm::resource, time.now());
            twice = twice || standing() == nonce_standing::unknown;
        } else if (standing() == nonce_standing::earlier) {
            kept = idp::oauth::dpop_nonce(*keys.get(), nonce_realm::resource, time.now());
        }
        b.idp.time.turn(std::chrono::seconds(3));
    }
    CHECK(asked == 1);
    CHECK_FALSE(twice);
}

TEST_CASE("forged forwarded headers change nothing in the address that a proof must name") {
    bound_tokens b;
    auto request = b.idp.redemption_of("groupware-web", b.sign_in("groupware-web"));
    request.headers.emplace_back("host", "evil.example");
    request.headers.emplace_back("x-forwarded-host", "evil.example");
    request.headers.emplace_back("forwarded", "host=evil.example;proto=http");
    request.headers.emplace_back("dpop", b.key.proof("POST", "https://evil.example/token"));
    const auto refused = b.idp.send(std::move(request));
    CHECK(refused.status() == 400);
    CHECK(refused.error() == "invalid_dpop_proof");
}
