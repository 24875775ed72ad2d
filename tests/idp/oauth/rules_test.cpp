// The rules that are functions from values to values.
#include "config/vocabulary/randomness.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/claims_request.hpp"
#include "idp/oauth/client_assertion.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/oauth/refresh_token.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/store/record_id.hpp"

#include "policies/registry.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::idp::oauth;

TEST_CASE("PKCE: the example of RFC 7636, appendix B, verifies, and nothing else does") {
    constexpr auto challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    constexpr auto verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    CHECK(pkce::verifies(challenge, verifier));
    CHECK_FALSE(pkce::verifies(challenge, challenge));
    CHECK_FALSE(pkce::verifies(challenge, ""));
    CHECK_FALSE(pkce::verifies(challenge, std::string(43, '=')));
    CHECK_FALSE(pkce::verifies(challenge, std::string(129, 'a')));
}

TEST_CASE("PKCE: a challenge has 43 characters of base64url") {
    CHECK(pkce::well_formed_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    CHECK_FALSE(pkce::well_formed_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c"));
    CHECK_FALSE(pkce::well_formed_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"));
}

TEST_CASE("redirect URIs match exactly: case, path, port, query and fragment count") {
    const std::vector<std::string> registered{"https://dms.lebus.example/callback?tenant=lebus"};

    CHECK(is_registered_redirect(registered, "https://dms.lebus.example/callback?tenant=lebus"));
    for (const auto* other :
         {"https://DMS.lebus.example/callback?tenant=lebus", "https://dms.lebus.example/callback",
          "https://dms.lebus.example:443/callback?tenant=lebus",
          "http://dms.lebus.example/callback?tenant=lebus",
          "https://dms.lebus.example/callback?tenant=lebus&x=1",
          "https://dms.lebus.example/callback?tenant=lebus#f",
          "https://dms.lebus.example/Callback?tenant=lebus",
          "https://dms.lebus.example/callback/../x?tenant=lebus",
          "https://dms.lebus.example.evil.example/callback?tenant=lebus", ""}) {
        CAPTURE(other);
        CHECK_FALSE(is_registered_redirect(registered, other));
    }
}

TEST_CASE("a native client's loopback URI matches any port, and only the port varies") {
    const std::vector<std::string> registered{"http://127.0.0.1/callback", "http://[::1]/callback"};

    CHECK(is_registered_redirect(registered, "http://127.0.0.1:51004/callback"));
    CHECK(is_registered_redirect(registered, "http://[::1]:8/callback"));
    CHECK_FALSE(is_registered_redirect(registered, "http://127.0.0.1:51004/other"));
    CHECK_FALSE(is_registered_redirect(registered, "http://127.0.0.1.evil.example/callback"));
    CHECK_FALSE(is_registered_redirect(registered, "http://127.0.0.1:80@evil.example/callback"));
    CHECK_FALSE(is_registered_redirect(registered, "http://localhost:80/callback"));
    CHECK_FALSE(is_registered_redirect(registered, "https://127.0.0.1:80/callback"));
}

TEST_CASE(
    "a form's own navigation ends at ours for web addresses, and at a program by its scheme") {
    CHECK(place_of("https://dms.lebus.example:8445/callback?x=y") ==
          "https://dms.lebus.example:8445");
    CHECK(place_of("http://127.0.0.1:4711") == "http://127.0.0.1:4711");
    CHECK(place_of("de.brandenburg.app:/callback") == "de.brandenburg.app:");
    CHECK(form_action_source("https://dms.lebus.example:8445/callback?x=y").empty());
    CHECK(form_action_source("http://127.0.0.1:4711/callback").empty());
    CHECK(form_action_source("de.brandenburg.app:/callback") == "de.brandenburg.app:");
}

TEST_CASE("scopes are split at spaces, doubles fall away, strange characters are refused") {
    CHECK(parse_scope("openid  email openid") == scope_list{"openid", "email"});
    CHECK(parse_scope("") == scope_list{});
    CHECK_FALSE(parse_scope("openid \"email").has_value());
    CHECK_FALSE(parse_scope("openid\nemail").has_value());
}

TEST_CASE("the claims parameter is read with essential, value and values") {
    const auto request = parse_claims_request(
        R"({"id_token":{"acr":{"essential":true,"values":["a","b"]},"email":null},"userinfo":{"name":{}}})");

    REQUIRE(request.has_value());
    REQUIRE(request->in_id_token("acr") != nullptr);
    CHECK(request->in_id_token("acr")->essential);
    CHECK(request->in_id_token("acr")->values == std::vector<std::string>{"a", "b"});
    CHECK(request->in_id_token("email") != nullptr);
    CHECK(request->in_id_token("name") == nullptr);
    CHECK(request->userinfo.contains("name"));
}

TEST_CASE("a claims parameter of another form is refused") {
    for (const auto* wrong :
         {"", "[]", "{", R"({"id_token":[]})", R"({"id_token":{"acr":1}})",
          R"({"id_token":{"acr":{"essential":"yes"}}})", R"({"userinfo":{"a":{"values":1}}})"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_claims_request(wrong).has_value());
    }
}

TEST_CASE("a refresh token's text finds its family, and altered text finds nothing") {
    system_randomness random;
    const auto family = idp::store::new_record_id(random, system_clock().now());
    const auto text = family + ".12." + random.token(32);

    const auto parsed = refresh_token::parse(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->family == family);
    CHECK(parsed->generation == 12);
    CHECK(parsed->hash == idp::jose::sha256(text));
    CHECK_FALSE(refresh_token::parse(text + "A").has_value());
    CHECK_FALSE(refresh_token::parse(text.substr(1)).has_value());
    CHECK_FALSE(refresh_token::parse("").has_value());
    for (const auto* number : {"", "00", "01", "-1", "+1", "1.2", "a", "1000000000"}) {
        CAPTURE(number);
        CHECK_FALSE(
            refresh_token::parse(family + "." + number + "." + random.token(32)).has_value());
    }
}

TEST_CASE("a client assertion must name the client, us, a near end and an id of its own") {
    const auto now = from_unix_seconds(1'790'000'000);
    const std::string issuer = "https://idp.example";
    const auto judge = [&](std::string json) {
        policies::client client;
        client.id = client_id("dms-web");
        return judge_client_assertion(boost::json::parse(json).as_object(), client, issuer, now);
    };

    CHECK(
        judge(
            R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790000060,"jti":"1"})")
            .has_value());
    CHECK(
        judge(
            R"({"iss":"dms-web","sub":"dms-web","aud":["https://idp.example/token"],"exp":1790000060,"jti":"1"})")
            .has_value());
    CHECK(
        judge(
            R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790000060,"nbf":1790000008,"jti":"1"})")
            .has_value());
    for (
        const auto* wrong :
        {R"({"iss":"other","sub":"dms-web","aud":"https://idp.example","exp":1790000060,"jti":"1"})",
         R"({"iss":"dms-web","sub":"other","aud":"https://idp.example","exp":1790000060,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://other.example","exp":1790000060,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","exp":1790000060,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1789999900,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790009999,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790000060,"nbf":1790000061,"jti":"1"})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790000060})",
         R"({"iss":"dms-web","sub":"dms-web","aud":"https://idp.example","exp":1790000060,"jti":7})"}) {
        CAPTURE(wrong);
        CHECK_FALSE(judge(wrong).has_value());
    }
}
