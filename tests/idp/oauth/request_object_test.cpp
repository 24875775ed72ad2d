// Request objects (RFC 9101; OpenID Connect Core, 6) and what FAPI 2.0 Message Signing demands of
// them. Names in braces are modules of the OpenID conformance suite.
#include "config/vocabulary/base64url.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/signing_key.hpp"
#include "tests/support/test_idp.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace json = boost::json;
using idp::jose::algorithm;
using idp::jose::signing_key;

namespace {

constexpr auto web = "groupware-web";
constexpr auto callback = "https://groupware-web.example/callback";
using change = std::function<void(json::object&)>;

// The groupware with a key for its requests.
struct signing_client {
    explicit signing_client(bool must_sign = false) {
        idp.change_registry([&](policies::registry& all) {
            auto& one = all.applications.at(application_key("groupware")).clients.at(0);
            auto jwk = key.to_public_jwk();
            jwk["kid"] = "r1";
            one.jwks = json::serialize(json::object{{"keys", json::array{jwk}}});
            one.request_object_alg = signing_algorithm::ps256;
            one.require_signed_request_object = must_sign;
        });
    }

    [[nodiscard]] json::object claims() const {
        const auto now = to_unix_seconds(idp.time.now());
        return {{"iss", web},
                {"aud", "https://idp.example"},
                {"nbf", now},
                {"exp", now + 300},
                {"client_id", web},
                {"response_type", "code"},
                {"redirect_uri", callback},
                {"scope", "openid profile"},
                {"state", "inside"},
                {"nonce", "nonce-inside"},
                {"code_challenge", test_idp::challenge},
                {"code_challenge_method", "S256"}};
    }
    std::string sign(const json::object& payload,
                     const std::string& header = R"({"alg":"PS256","kid":"r1"})") const {
        const auto part =
            base64url::encode(header) + "." + base64url::encode(json::serialize(payload));
        return part + "." + base64url::encode(key.sign(part));
    }
    std::string object(const change& alter = {}) const {
        auto payload = claims();
        if (alter) alter(payload);
        return sign(payload);
    }
    answer push(const std::string& jws) {
        return idp.call_as(web, "/par", {{"client_id", web}, {"request", jws}});
    }
    answer come_with(const std::string& jws, const fields& more = {}) {
        fields query{{"client_id", web}, {"request", jws}};
        query.insert(query.end(), more.begin(), more.end());
        return idp.get("/authorize", query);
    }
    answer come_pushed(const answer& pushed) {
        return idp.get("/authorize",
                       {{"client_id", web}, {"request_uri", pushed.text("request_uri")}});
    }
    answer finish(const answer& page) { return idp.fill_in(page, "anna.noack", "Spreewald-7"); }

    test_idp idp;
    signing_key key = signing_key::generate(algorithm::ps256);
};

}  // namespace

TEST_CASE("a signed request leads to tokens, at the endpoint and pushed") {
    signing_client client;
    const auto redirect = client.finish(client.come_with(client.object()));
    CHECK(redirect.location().starts_with(callback));
    CHECK(redirect.redirected("state") == "inside");
    const auto tokens = client.idp.redeem(web, redirect);
    REQUIRE(tokens.status() == 200);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce") == "nonce-inside");

    const auto pushed = client.push(client.object());
    CHECK(pushed.status() == 201);
    CHECK_FALSE(client.come_pushed(pushed).redirected("code").empty());
}

TEST_CASE("ensure-different-state-inside-and-outside-request-object: only what is inside counts") {
    signing_client client;
    const fields outside{{"state", "outside"},
                         {"nonce", "outside"},
                         {"scope", "openid email"},
                         {"prompt", "none"},
                         {"max_age", "x"}};
    const auto redirect = client.finish(client.come_with(client.object(), outside));
    CHECK(redirect.redirected("state") == "inside");
    const auto tokens = client.idp.redeem(web, redirect);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce") == "nonce-inside");
    CHECK(tokens.text("scope") == "openid profile");

    // {state-only-outside-request-object-not-used}
    const auto without =
        client.come_with(client.object([](auto& c) { c.erase("state"); }), outside);
    CHECK_FALSE(without.redirected("code").empty());
    CHECK(without.location().find("state=") == std::string::npos);
}

TEST_CASE("values that are no texts: claims, max_age, several resources") {
    signing_client client;
    client.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).audiences = {
            "https://mail.example/", "https://files.example/"};
    });
    const auto page = client.come_with(client.object([](auto& c) {
        c["max_age"] = 10000;
        c["claims"] = json::object{{"id_token", json::object{{"given_name", nullptr}}}};
        c["resource"] = json::array{"https://files.example/"};
        c["unknown"] = json::object{{"deep", json::array{1}}};
    }));
    const auto tokens = client.idp.redeem(web, client.finish(page));
    CHECK(test_idp::payload(tokens.text("id_token")).at("given_name") == "Anna");
    CHECK(test_idp::payload(tokens.text("access_token")).at("aud") == "https://files.example/");
    const auto wrong = client.push(
        client.object([](auto& c) { c["redirect_uri"] = json::array{callback}; }));
    CHECK(wrong.error() == "invalid_request_object");
}

TEST_CASE("what a request object must be, and what it must not") {
    signing_client client(true);
    const auto now = to_unix_seconds(client.idp.time.now());
    // {ensure-request-object-with-multiple-aud-succeeds}
    CHECK(client
              .push(client.object([](auto& c) {
                  c["aud"] = json::array{"https://idp.example", "https://other.example"};
              }))
              .status() == 201);
    // {ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted}
    CHECK(client.push(client.object([&](auto& c) { c["nbf"] = now + 8; })).status() == 201);
    for (const auto* type : {"JWT", "oauth-authz-req+jwt", "OAuth-auThZ-REQ+Jwt"}) {
        const auto header = std::string(R"({"alg":"PS256","kid":"r1","typ":")") + type + R"("})";
        CHECK(client.push(client.sign(client.claims(), header)).status() == 201);
    }

    const std::vector<std::pair<const char*, change>> wrong{
        {"ensure-request-object-without-exp-fails", [](auto& c) { c.erase("exp"); }},
        {"ensure-request-object-without-nbf-fails", [](auto& c) { c.erase("nbf"); }},
        {"ensure-expired-request-object-fails", [&](auto& c) { c["exp"] = now - 60; }},
        {"ensure-request-object-with-bad-aud-fails",
         [](auto& c) { c["aud"] = "https://other.example"; }},
        {"ensure-request-object-with-exp-over-60-fails", [&](auto& c) { c["exp"] = now + 70 * 60; }},
        {"ensure-request-object-with-nbf-over-60-fails", [&](auto& c) { c["nbf"] = now - 70 * 60; }},
        {"nbf a minute ahead", [&](auto& c) { c["nbf"] = now + 70; }},
        {"iat a minute ahead", [&](auto& c) { c["iat"] = now + 70; }},
        {"no aud", [](auto& c) { c.erase("aud"); }},
        {"no iss", [](auto& c) { c.erase("iss"); }},
        {"another's iss", [](auto& c) { c["iss"] = "groupware-old"; }},
        {"another's client_id", [](auto& c) { c["client_id"] = "groupware-old"; }},
        {"a sub", [](auto& c) { c["sub"] = web; }},
        {"par-authorization-request-containing-request_uri",
         [](auto& c) { c["request_uri"] = "urn:ietf:params:oauth:request_uri:x"; }},
        {"an object in the object", [](auto& c) { c["request"] = "a.b.c"; }},
        {"exp as text", [](auto& c) { c["exp"] = "tomorrow"; }},
        {"jti as number", [](auto& c) { c["jti"] = 1; }},
        {"jti too long", [](auto& c) { c["jti"] = std::string(256, 'j'); }}};
    for (const auto& one : wrong) {
        CAPTURE(one.first);
        const auto& alter = one.second;
        const auto refused = client.push(client.object(alter));
        CHECK(refused.status() == 400);
        CHECK(refused.error() == "invalid_request_object");
        const auto page = client.come_with(client.object(alter));
        CHECK(page.status() == 400);
        CHECK(page.location().empty());
        CHECK(page.shows("invalid_request_object"));
    }
    for (const auto* type : {"at+jwt", "logout+jwt", "client-authentication+jwt"}) {
        const auto header = std::string(R"({"alg":"PS256","kid":"r1","typ":")") + type + R"("})";
        CHECK(client.push(client.sign(client.claims(), header)).error() ==
              "invalid_request_object");
    }
}

TEST_CASE("only the client's own key and algorithm sign its requests") {
    signing_client client;
    auto altered = client.object();
    altered.back() = altered.back() == 'A' ? 'B' : 'A';
    // {ensure-request-object-with-invalid-signature-fails}
    CHECK(client.push(altered).error() == "invalid_request_object");
    // {ensure-request-object-signature-algorithm-is-not-none}
    const auto none = base64url::encode(R"({"alg":"none"})") + "." +
                      base64url::encode(json::serialize(client.claims())) + ".";
    CHECK(client.push(none).error() == "invalid_request_object");
    // {ensure-matching-key-in-authorization-request}
    const auto other = signing_key::generate(algorithm::ps256);
    const auto part = base64url::encode(R"({"alg":"PS256","kid":"r1"})") + "." +
                      base64url::encode(json::serialize(client.claims()));
    CHECK(client.push(part + "." + base64url::encode(other.sign(part))).error() ==
          "invalid_request_object");
    // {ensure-signed-request-object-with-RS256-fails}: registered is PS256
    CHECK(client.push(client.sign(client.claims(), R"({"alg":"RS256","kid":"r1"})")).error() ==
          "invalid_request_object");
    CHECK(client.push("a.b.c").error() == "invalid_request_object");
    CHECK(client.push(std::string(17000, 'a')).error() == "invalid_request_object");
    // Signed by one client, brought by another.
    const auto foreign = client.idp.call_as(
        "groupware-old", "/par", {{"client_id", "groupware-old"}, {"request", client.object()}});
    CHECK(foreign.error() == "request_not_supported");
    CHECK(client.idp.get("/authorize", {{"client_id", "dms-web"}, {"request", client.object()}})
              .status() == 400);
}

TEST_CASE("ensure-unsigned-request-at-par-endpoint-fails: who must sign is refused otherwise") {
    signing_client client(true);
    auto form = fields{{"response_type", "code"},
                       {"client_id", web},
                       {"redirect_uri", callback},
                       {"scope", "openid"},
                       {"code_challenge", test_idp::challenge},
                       {"code_challenge_method", "S256"}};
    CHECK(client.idp.call_as(web, "/par", form).error() == "invalid_request");
    CHECK(client.idp.authorize(web).redirected("error") == "invalid_request");
    CHECK_FALSE(client.finish(client.come_pushed(client.push(client.object())))
                    .redirected("code")
                    .empty());
    CHECK_FALSE(client.come_with(client.object()).redirected("code").empty());
}

TEST_CASE("an object that cannot be read is answered where the address beside it is proven") {
    signing_client client;
    const auto to_client =
        client.come_with("a.b.c", {{"redirect_uri", callback}, {"state", "outside"}});
    CHECK(to_client.redirected("error") == "invalid_request_object");
    CHECK(to_client.redirected("state") == "outside");
    // {oidcc-ensure-request-object-with-redirect-uri}
    const auto page = client.come_with("a.b.c", {{"redirect_uri", "https://boese.example/"}});
    CHECK(page.status() == 400);
    CHECK(page.location().empty());
    const auto both =
        client.come_with(client.object(), {{"request_uri", "https://groupware-web.example/r"},
                                           {"redirect_uri", callback}});
    CHECK(both.redirected("error") == "invalid_request");
}

TEST_CASE("a jti leads to one code: pushed twice it is refused, brought twice after a code too") {
    signing_client client;
    const auto with_id = client.object([](auto& c) { c["jti"] = "einmal"; });
    REQUIRE(client.push(with_id).status() == 201);
    CHECK(client.push(with_id).error() == "invalid_request_object");

    const auto brought = client.object([](auto& c) { c["jti"] = "zweimal"; });
    // Loading the page again before is no use of it.
    CHECK_FALSE(client.come_with(brought).hidden("transaction").empty());
    CHECK_FALSE(client.finish(client.come_with(brought)).redirected("code").empty());
    const auto again = client.come_with(brought);
    CHECK(again.status() == 400);
    CHECK(again.redirected("code").empty());
}

TEST_CASE("an object that expires while the person signs in has been judged in time") {
    signing_client client;
    const auto page = client.come_with(client.object());
    client.idp.time.turn(10min);
    CHECK_FALSE(client.finish(page).redirected("code").empty());
    const auto late = client.come_with(client.object([&](auto& c) {
        c["exp"] = to_unix_seconds(client.idp.time.now()) - 11;
    }));
    CHECK(late.status() == 400);
}

TEST_CASE("a signed request by POST goes on with the browser's cookies") {
    signing_client client;
    idp::http::request post;
    post.method = idp::http::method::post;
    post.path = "/authorize";
    post.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    post.body = "client_id=groupware-web&request=" + client.object();
    const auto moved = client.idp.send(std::move(post));
    CHECK(moved.status() == 303);
    CHECK(moved.location().starts_with("/authorize?"));
}
