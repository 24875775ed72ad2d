// Request objects (RFC 9101; OpenID Connect Core, 6) and what FAPI 2.0 Message Signing demands of
// them. Names in braces are modules of the OpenID conformance suite.
#include "config/vocabulary/base64url.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/signing_key.hpp"
#include "tests/support/signing_client.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;
namespace json = boost::json;
using idp::jose::algorithm;
using idp::jose::signing_key;

namespace {

constexpr auto web = signing_client::web;
constexpr auto callback = signing_client::callback;
using change = signing_client::change;

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
    const auto wrong =
        client.push(client.object([](auto& c) { c["redirect_uri"] = json::array{callback}; }));
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
        {"ensure-request-object-with-exp-over-60-fails",
         [&](auto& c) { c["exp"] = now + 70 * 60; }},
        {"ensure-request-object-with-nbf-over-60-fails",
         [&](auto& c) { c["nbf"] = now - 70 * 60; }},
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
    CHECK_FALSE(
        client.finish(client.come_pushed(client.push(client.object()))).redirected("code").empty());
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
    const auto both = client.come_with(
        client.object(),
        {{"request_uri", "https://groupware-web.example/r"}, {"redirect_uri", callback}});
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
    const auto late = client.come_with(
        client.object([&](auto& c) { c["exp"] = to_unix_seconds(client.idp.time.now()) - 11; }));
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

namespace {

constexpr auto keys_address = "https://groupware-web.example/jwks.json";

std::string key_set(const signing_key& key, const std::string& kid) {
    auto jwk = key.to_public_jwk();
    jwk["kid"] = kid;
    return json::serialize(json::object{{"keys", json::array{jwk}}});
}

// The same client with its keys at an address of its own.
struct publishing_client : signing_client {
    publishing_client() {
        idp.published[keys_address] = key_set(key, "r1");
        idp.change_registry([](policies::registry& all) {
            auto& one = all.applications.at(application_key("groupware")).clients.at(0);
            one.jwks.clear();
            one.jwks_uri = keys_address;
        });
    }
    std::string error_of(const answer& refused) const { return refused.redirected("error"); }
    answer come(const std::string& jws) { return come_with(jws, {{"redirect_uri", callback}}); }
};

}  // namespace

TEST_CASE("requests are verified by the keys that the client publishes, fetched once") {
    publishing_client client;
    const auto redirect = client.finish(client.come_with(client.object()));
    CHECK(redirect.redirected("state") == "inside");
    CHECK(client.push(client.object()).status() == 201);
    CHECK(client.push(client.object()).status() == 201);
    CHECK(client.idp.fetches[keys_address] == 1);
}

TEST_CASE("a key that the client has taken up since is found, and an invented one costs no fetch") {
    publishing_client client;
    CHECK(client.push(client.object()).status() == 201);
    const auto newer = signing_key::generate(algorithm::ps256);
    client.idp.published[keys_address] = key_set(newer, "r2");
    const auto by_newer = [&] {
        return client.sign_by(newer, client.claims(), R"({"alg":"PS256","kid":"r2"})");
    };
    CHECK(client.push(by_newer()).error() == "invalid_request_object");  // half a minute
    client.idp.time.turn(31s);
    CHECK(client.push(by_newer()).status() == 201);
    CHECK(client.idp.fetches[keys_address] == 2);
    for (int i = 0; i < 10; ++i) {
        const auto invented = R"({"alg":"PS256","kid":"x)" + std::to_string(i) + "\"}";
        CHECK(client.push(client.sign_by(newer, client.claims(), invented)).error() ==
              "invalid_request_object");
    }
    CHECK(client.idp.fetches[keys_address] == 2);
}

TEST_CASE("keys that cannot be had are said, in characters that an error may have") {
    publishing_client client;
    client.idp.published[keys_address] = "{\"keys\":[\"\xc3\xa4\"]}";
    const auto no = client.push(client.object());
    CHECK(no.status() == 400);
    CHECK(no.error() == "invalid_request_object");
    client.idp.published.erase(keys_address);
    client.idp.time.turn(31s);
    const auto refused = client.come(client.object());
    CHECK(client.error_of(refused) == "invalid_request_object");
    const auto said = refused.redirected("error_description");
    CHECK(said.find("jwks.json does not answer") != std::string::npos);
    CHECK(said.find('"') == std::string::npos);
}
