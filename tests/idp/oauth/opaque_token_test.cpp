// Access tokens whose text says nothing, and introspection that is signed (RFC 9701).
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/signed_introspection.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

policies::client& client_of(policies::registry& all, const std::string& application,
                            const std::string& id) {
    auto& clients = all.applications.at(application_key(application)).clients;
    return *std::find_if(clients.begin(), clients.end(),
                         [&](const auto& one) { return one.id.view() == id; });
}

class scene {
public:
    scene() {
        idp.change_registry([](policies::registry& all) {
            client_of(all, "groupware", "groupware-web").access_token_format =
                policies::access_token_format::opaque;
            client_of(all, "groupware", "mailserver").access_token_format =
                policies::access_token_format::opaque;
        });
    }
    test_idp idp;
};

idp::http::request accepting(std::string accept) {
    idp::http::request request;
    if (!accept.empty()) request.headers.emplace_back("accept", std::move(accept));
    return request;
}

}  // namespace

TEST_CASE("an opaque access token says nothing, and is good at userinfo and introspection") {
    scene s;
    const auto tokens = s.idp.tokens("groupware-web");
    const auto token = tokens.text("access_token");
    CHECK(token.size() == 43);
    CHECK(token.find('.') == std::string::npos);
    CHECK(tokens.text("token_type") == "Bearer");
    CHECK(s.idp.userinfo(token).text("name") == "Anna Noack");
    const auto said = s.idp.introspect("groupware-web", token).json();
    CHECK(said.at("active").as_bool());
    CHECK(said.at("client_id") == "groupware-web");
    CHECK(said.at("sub") == test_idp::payload(tokens.text("id_token")).at("sub"));
    CHECK(said.contains("jti"));
    // Whose audience it is may ask as well, anybody else may not.
    CHECK(s.idp.introspect("mailserver", token).json().at("active").as_bool());
    CHECK(s.idp.introspect("dms-web", token).json() == boost::json::object{{"active", false}});
}

TEST_CASE("an opaque access token ends by its time, by revocation and with its family") {
    scene s;
    const auto tokens = s.idp.tokens("groupware-web");
    const auto token = tokens.text("access_token");
    CHECK(s.idp.call_as("dms-web", "/revoke", {{"token", token}}).status() == 400);
    CHECK(s.idp.userinfo(token).status() == 200);
    CHECK(s.idp.call_as("groupware-web", "/revoke", {{"token", token}}).status() == 200);
    CHECK(s.idp.userinfo(token).status() == 401);

    const auto refreshed = s.idp.refresh("groupware-web", tokens.text("refresh_token"));
    const auto second = refreshed.text("access_token");
    CHECK(s.idp.userinfo(second).status() == 200);
    s.idp.call_as("groupware-web", "/revoke", {{"token", refreshed.text("refresh_token")}});
    CHECK(s.idp.userinfo(second).status() == 401);

    const auto third = s.idp.redeem("groupware-web", s.idp.authorize("groupware-web"));
    s.idp.time.turn(10min);
    CHECK(s.idp.userinfo(third.text("access_token")).status() == 401);
}

TEST_CASE("a client's own token may be opaque, too") {
    scene s;
    const auto tokens =
        s.idp.call_as("mailserver", "/token", {{"grant_type", "client_credentials"}});
    CHECK(tokens.text("access_token").size() == 43);
    const auto said = s.idp.introspect("mailserver", tokens.text("access_token")).json();
    CHECK(said.at("active").as_bool());
    CHECK(said.at("sub") == "mailserver");
}

TEST_CASE("the store has the token's hash, and an answer without it is never given") {
    scene s;
    const auto tokens = s.idp.tokens("groupware-web");
    s.idp.sql("ALTER TABLE opaque_token RENAME TO opaque_token_away");
    const auto refused = s.idp.refresh("groupware-web", tokens.text("refresh_token"));
    CHECK(refused.status() == 503);
    CHECK(refused.text("access_token").empty());
}

TEST_CASE("introspection is a JWT for whoever asks for one, an inactive token's as well") {
    scene s;
    s.idp.change_registry([](policies::registry& all) {
        client_of(all, "groupware", "mailserver").introspection_alg = signing_algorithm::ps256;
    });
    const auto token = s.idp.tokens("groupware-web").text("access_token");
    const auto ask = [&](const std::string& text) {
        return s.idp.call(
            "/introspect", {{"token", text}},
            {{"authorization",
              "Basic " + std::string("bWFpbHNlcnZlcjpncm91cHdhcmUtc2VjcmV0LW9mLXRoZS10ZXN0cw==")},
             {"accept", "application/token-introspection+jwt"}});
    };
    const auto said = ask(token);
    REQUIRE(said.status() == 200);
    CHECK(said.raw->content_type == "application/token-introspection+jwt");
    CHECK(test_idp::header_of(said.body()).at("typ") == "token-introspection+jwt");
    CHECK(test_idp::header_of(said.body()).at("alg") == "PS256");
    const auto payload =
        s.idp.parts().keys.get()->verify_own(said.body(), "token-introspection+jwt");
    REQUIRE(payload);
    const auto claims = boost::json::parse(*payload).as_object();
    CHECK(claims.at("iss") == "https://idp.example");
    CHECK(claims.at("aud") == "mailserver");
    CHECK(claims.at("iat").as_int64() == to_unix_seconds(s.idp.time.now()));
    for (const auto* other : {"sub", "exp"}) CHECK_FALSE(claims.contains(other));
    CHECK(claims.at("token_introspection").at("active").as_bool());

    const auto unknown = test_idp::payload(ask("x").body());
    CHECK(unknown.at("token_introspection") == boost::json::object{{"active", false}});
    // It is no access token of ours, nor a hint.
    CHECK(s.idp.userinfo(said.body()).status() == 401);
}

TEST_CASE("only who names the media type is answered with a JWT") {
    using kommpass::idp::oauth::asks_for_signed_introspection;
    for (const auto* yes : {"application/token-introspection+jwt",
                            "application/json, application/token-introspection+jwt;q=0.9",
                            " Application/Token-Introspection+JWT "})
        CHECK(asks_for_signed_introspection(accepting(yes)));
    for (const auto* no : {"", "*/*", "application/json", "application/jwt",
                           "application/token-introspection+jwtx", ",,;"})
        CHECK_FALSE(asks_for_signed_introspection(accepting(no)));
}

TEST_CASE("a client's tokens live as long as it registered, and lie idle no longer") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        auto& web = client_of(all, "groupware", "groupware-web");
        web.access_token_lifetime = 120s;
        web.refresh_token_lifetime = 3h;
        web.refresh_token_idle_time = 1h;
    });
    auto tokens = idp.tokens("groupware-web");
    CHECK(tokens.json().at("expires_in").as_int64() == 120);
    const auto claims = test_idp::payload(tokens.text("access_token"));
    CHECK(claims.at("exp").as_int64() - claims.at("iat").as_int64() == 120);
    for (int i = 0; i < 3; ++i) {
        idp.time.turn(59min);
        tokens = idp.refresh("groupware-web", tokens.text("refresh_token"));
        REQUIRE(tokens.status() == 200);
    }
    idp.time.turn(5min);  // three hours since the sign-in are over
    CHECK(idp.refresh("groupware-web", tokens.text("refresh_token")).error() == "invalid_grant");

    idp.forget_cookies();
    const auto idle = idp.tokens("groupware-web");
    idp.time.turn(61min);
    CHECK(idp.introspect("groupware-web", idle.text("refresh_token")).json() ==
          boost::json::object{{"active", false}});
    CHECK(idp.refresh("groupware-web", idle.text("refresh_token")).error() == "invalid_grant");
}
