#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;

TEST_CASE("the token answer has all that OpenID Connect asks for, and the tokens say what is so") {
    test_idp idp;
    const auto answer = idp.tokens("groupware-web");

    REQUIRE(answer.status() == 200);
    CHECK(answer.text("token_type") == "Bearer");
    CHECK(answer.json().at("expires_in").as_int64() == 600);
    CHECK(answer.text("scope") == "openid profile email offline_access");
    const auto id = test_idp::payload(answer.text("id_token"));
    CHECK(test_idp::header_of(answer.text("id_token")).at("alg") == "ES256");
    CHECK(id.at("iss") == "https://idp.example");
    CHECK(id.at("aud") == "groupware-web");
    CHECK(id.at("nonce") == "nonce-1");
    CHECK(id.at("acr") == "urn:kommpass:acr:password");
    for (const auto* name : {"exp", "iat", "auth_time", "at_hash", "sid", "amr", "sub"})
        CHECK(id.contains(name));
    CHECK_FALSE(id.contains("email"));  // in userinfo, unless asked

    const auto access = test_idp::payload(answer.text("access_token"));
    CHECK(test_idp::header_of(answer.text("access_token")).at("typ") == "at+jwt");
    for (const auto* name :
         {"iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "auth_time", "acr"}) {
        CHECK(access.contains(name));
    }
    CHECK(access.at("roles") == boost::json::value{"groupware.postfach"});
    CHECK(access.at("member") == "lebus");
}

TEST_CASE("claims that are asked for by name come where they are asked") {
    test_idp idp;
    const auto answer = idp.tokens(
        "groupware-web",
        {{"scope", "openid"},
         {"claims", R"({"id_token":{"email":null},"userinfo":{"name":{"essential":true}}})"}});

    CHECK(test_idp::payload(answer.text("id_token")).at("email") == "anna.noack@amt-lebus.example");
    const auto info = idp.userinfo(answer.text("access_token")).json();
    CHECK(info.at("name") == "Anna Noack");
    CHECK_FALSE(info.contains("email"));
}

TEST_CASE("roles come in the shape of the application, and only those of its own key") {
    test_idp idp;
    const auto page = idp.sign_in("dms-web", "anna.noack", "Spreewald-7");
    const auto redirect =
        idp.post("/sign-in", {{"transaction", page.hidden("transaction")}, {"action", "allow"}});
    const auto access = test_idp::payload(idp.redeem("dms-web", redirect).text("access_token"));

    CHECK(access.at("resource_access") ==
          boost::json::value{{"dms-web", {{"roles", {"dms.bearbeiten", "dms.lesen"}}}}});
    CHECK_FALSE(access.contains("roles"));
}

TEST_CASE("a role for another member says so in the token") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.mappings.at("lebus-alle").for_members = {member_slug("cottbus"), member_slug("lebus")};
        all.mappings.at("lebus-alle").agreed = {member_slug("cottbus")};
    });
    const auto access = test_idp::payload(idp.tokens("groupware-web").text("access_token"));
    CHECK(access.at("role_members") ==
          boost::json::value{{"groupware.postfach", {"cottbus", "lebus"}}});
}

TEST_CASE("subjects are pairwise by application, the same for its clients, and outlive a rename") {
    test_idp idp;
    const auto web = test_idp::payload(idp.tokens("groupware-web").text("id_token"));
    idp.forget_cookies();
    const auto post = test_idp::payload(idp.tokens("groupware-post").text("id_token"));
    idp.forget_cookies();
    auto& anna = idp.directories.of("lebus", "anna.noack").who;
    anna.display_name = "Anna Kowalick";
    anna.dn = "uid=anna.kowalick,ou=hauptamt,dc=lebus,dc=example";
    anna.mail = "anna.kowalick@amt-lebus.example";
    const auto renamed = test_idp::payload(idp.tokens("groupware-web").text("id_token"));

    CHECK(web.at("sub") == post.at("sub"));
    CHECK(web.at("sub") == renamed.at("sub"));
    CHECK(web.at("sub").as_string().find("anna") == std::string::npos);
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).sector = "another.example";
    });
    CHECK(test_idp::payload(idp.tokens("groupware-web").text("id_token")).at("sub") !=
          web.at("sub"));
}

TEST_CASE("a code works once, and its replay revokes what it gave") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto first = idp.redeem("groupware-web", redirect);
    const auto replay = idp.redeem("groupware-web", redirect);

    CHECK(replay.status() == 400);
    CHECK(replay.error() == "invalid_grant");
    CHECK(idp.userinfo(first.text("access_token")).status() == 401);
    CHECK(idp.refresh("groupware-web", first.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.audited("code.replayed"));
}

TEST_CASE("a code is for one client, one redirect URI, one verifier and 60 seconds") {
    test_idp idp;
    const auto code = [&] { return idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"); };

    CHECK(idp.redeem("groupware-post", code()).error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(),
                     {{"redirect_uri", "https://groupware-web.example/other"}})
              .error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(), {{"redirect_uri", ""}}).error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(), {{"code_verifier", std::string(43, 'x')}}).error() ==
          "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(), {{"code_verifier", ""}}).error() == "invalid_grant");
    const auto late = code();
    idp.time.turn(std::chrono::seconds(61));
    CHECK(idp.redeem("groupware-web", late).error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(), {{"code", "unheard-of"}}).error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", code(), {{"code", ""}}).error() == "invalid_request");
}

TEST_CASE("a code that another client tried to redeem is spent") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    CHECK(idp.redeem("groupware-post", redirect).error() == "invalid_grant");
    CHECK(idp.redeem("groupware-web", redirect).error() == "invalid_grant");
}

TEST_CASE("a verifier without a challenge before is refused as a downgrade") {
    test_idp idp;
    const fields none{{"code_challenge", ""}, {"code_challenge_method", ""}};
    const auto with = idp.sign_in("groupware-old", "anna.noack", "Spreewald-7", none);
    CHECK(idp.redeem("groupware-old", with).error() == "invalid_grant");
    const auto without = idp.sign_in("groupware-old", "anna.noack", "Spreewald-7", none);
    const auto answer = idp.redeem("groupware-old", without, {{"code_verifier", ""}});
    CHECK(answer.status() == 200);
    CHECK(test_idp::header_of(answer.text("id_token")).at("alg") == "RS256");
}

TEST_CASE("a refresh token that is used twice revokes its whole family") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web");
    const auto second = idp.refresh("groupware-web", first.text("refresh_token"));
    const auto replay = idp.refresh("groupware-web", first.text("refresh_token"));

    CHECK(second.status() == 200);
    CHECK(replay.error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", second.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.userinfo(second.text("access_token")).status() == 401);
    CHECK(idp.audited("refresh_token.reuse_detected"));
}

TEST_CASE("within the grace of its application a lost answer can be asked for again") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).refresh_reuse_grace =
            std::chrono::seconds(10);
    });
    const auto first = idp.tokens("groupware-web").text("refresh_token");
    CHECK(idp.refresh("groupware-web", first).status() == 200);
    idp.time.turn(std::chrono::seconds(5));
    const auto again = idp.refresh("groupware-web", first);
    CHECK(again.status() == 200);
    CHECK(idp.refresh("groupware-web", again.text("refresh_token")).status() == 200);
    idp.time.turn(std::chrono::seconds(20));
    CHECK(idp.refresh("groupware-web", first).error() == "invalid_grant");
}

TEST_CASE("a refresh keeps sub and auth_time, and may narrow the scope but not widen it") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web");
    const auto before = test_idp::payload(first.text("id_token"));
    idp.time.turn(std::chrono::minutes(5));
    const auto narrowed =
        idp.refresh("groupware-web", first.text("refresh_token"), {{"scope", "openid email"}});
    const auto after = test_idp::payload(narrowed.text("id_token"));

    CHECK(narrowed.text("scope") == "openid email");
    CHECK(after.at("sub") == before.at("sub"));
    CHECK(after.at("auth_time") == before.at("auth_time"));
    CHECK(after.at("iat").as_int64() == before.at("iat").as_int64() + 300);
    CHECK(idp.refresh("groupware-web", narrowed.text("refresh_token"), {{"scope", "openid phone"}})
              .error() == "invalid_scope");
}

TEST_CASE("a refresh evaluates roles anew, and ends where the person lost access or left") {
    test_idp idp;
    auto token = idp.tokens("groupware-web").text("refresh_token");
    idp.change_registry([](policies::registry& all) {
        all.mappings.at("lebus-alle").roles.emplace_back("groupware.betrieb");
    });
    const auto more = idp.refresh("groupware-web", token);
    CHECK(test_idp::payload(more.text("access_token")).at("roles").as_array().size() == 2);

    idp.directories.of("lebus", "anna.noack").who.groups.clear();
    CHECK(idp.refresh("groupware-web", more.text("refresh_token")).error() == "invalid_grant");

    idp.directories.of("lebus", "anna.noack").who.groups = {
        {"cn=GG_Groupware,ou=groups,dc=lebus,dc=example", "GG_Groupware", {}}};
    idp.forget_cookies();
    token = idp.tokens("groupware-web").text("refresh_token");
    idp.directories.remove("lebus", "anna.noack");
    CHECK(idp.refresh("groupware-web", token).error() == "invalid_grant");
}

TEST_CASE("another client's refresh token is refused and keeps working for its own") {
    test_idp idp;
    const auto token = idp.tokens("groupware-web").text("refresh_token");
    CHECK(idp.refresh("groupware-post", token).error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", token).status() == 200);
}

TEST_CASE("client credentials give a token for the client itself and nothing else") {
    test_idp idp;
    const auto answer = idp.call("/token", {{"grant_type", "client_credentials"},
                                            {"client_id", "meso-batch"},
                                            {"client_secret", test_idp::secret}});
    CHECK(answer.error() == "invalid_client");  // registered for Basic, not for the body
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("meso")).clients.at(1).authentication =
            policies::client_authentication::client_secret_post;
    });
    const auto right = idp.call("/token", {{"grant_type", "client_credentials"},
                                           {"client_id", "meso-batch"},
                                           {"client_secret", test_idp::secret}});
    CHECK(right.status() == 200);
    CHECK(right.text("id_token").empty());
    CHECK(right.text("refresh_token").empty());
    CHECK(test_idp::payload(right.text("access_token")).at("sub") == "meso-batch");
    CHECK(idp.userinfo(right.text("access_token")).status() == 403);
}

TEST_CASE("wrong requests to the token endpoint get their own codes") {
    test_idp idp;
    const fields basic{
        {"authorization", "Basic Z3JvdXB3YXJlLXdlYjp3cm9uZw=="}};  // groupware-web:wrong
    const auto wrong = idp.call("/token", {{"grant_type", "authorization_code"}}, basic);
    CHECK(wrong.status() == 401);
    CHECK(wrong.error() == "invalid_client");
    CHECK(wrong.header("WWW-Authenticate").starts_with("Basic"));

    CHECK(idp.call("/token", {{"grant_type", "x"}, {"client_secret", "y"}}, basic).error() ==
          "invalid_request");
    const fields post{{"client_id", "groupware-post"}, {"client_secret", test_idp::secret}};
    auto with_grant = [&](const std::string& type) {
        auto form = post;
        form.emplace_back("grant_type", type);
        return idp.call("/token", form);
    };
    CHECK(with_grant("password").error() == "unsupported_grant_type");
    CHECK(with_grant("client_credentials").error() == "unauthorized_client");
    CHECK(idp.call("/token", post).error() == "invalid_request");

    idp::http::request request;
    request.method = idp::http::method::post;
    request.path = "/token";
    request.headers = {{"content-type", "application/json"}};
    request.body = "{}";
    CHECK(idp.send(request).error() == "invalid_request");
    request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
    for (const auto* body :
         {"grant_type=a&grant_type=b", "grant_type=%zz", "grant_type=%ff", "a=%00"}) {
        CAPTURE(body);
        request.body = body;
        CHECK(idp.send(request).error() == "invalid_request");
    }
}

TEST_CASE("a public client redeems with PKCE and without a secret") {
    test_idp idp;
    CHECK(idp.tokens("groupware-native").status() == 200);
}

TEST_CASE("userinfo answers GET and POST, in header and body, and refuses by RFC 6750") {
    test_idp idp;
    const auto token = idp.tokens("groupware-web").text("access_token");

    const auto by_get = idp.userinfo(token).json();
    const auto by_post = idp.call("/userinfo", {{"access_token", token}}).json();
    const auto by_header = idp.call("/userinfo", {}, {{"authorization", "Bearer " + token}}).json();
    CHECK(by_get.at("email") == "anna.noack@amt-lebus.example");
    CHECK(by_get.at("preferred_username") == "anna.noack@amt-lebus.example");
    CHECK(by_get.at("member_name") == "Amt Lebus");
    CHECK(by_get == by_post);
    CHECK(by_get == by_header);
    CHECK(idp.call_get("/userinfo", {}).status() == 401);
    CHECK(idp.call_get("/userinfo", {}).header("WWW-Authenticate").find("error") ==
          std::string::npos);
    CHECK(idp.userinfo("x").header("WWW-Authenticate").find("invalid_token") != std::string::npos);
    CHECK(idp.call("/userinfo", {{"access_token", token}}, {{"authorization", "Bearer " + token}})
              .status() == 400);
    idp.time.turn(std::chrono::minutes(11));
    CHECK(idp.userinfo(token).status() == 401);
}

TEST_CASE("userinfo is a signed JWT for a client that registered it so") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.at(0).userinfo_alg =
            policies::signing_algorithm::rs256;
    });
    const auto answer = idp.userinfo(idp.tokens("groupware-web").text("access_token"));
    CHECK(answer.raw->content_type == "application/jwt");
    CHECK(test_idp::header_of(answer.body()).at("alg") == "RS256");
    CHECK(test_idp::payload(answer.body()).at("aud") == "groupware-web");
}

TEST_CASE("introspection tells its audience, and nobody else, and gives the mailbox name") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    const auto token = tokens.text("access_token");

    const auto own = idp.introspect("groupware-web", token).json();
    const auto mail = idp.introspect("mailserver", token).json();
    const auto foreign = idp.introspect("meso-web", token);
    CHECK(own.at("active") == true);
    CHECK(mail.at("username") == "anna.noack@amt-lebus.example");
    CHECK(mail.at("email") == "anna.noack@amt-lebus.example");
    CHECK(foreign.body() == R"({"active":false})");
    CHECK(idp.introspect("groupware-web", tokens.text("refresh_token")).json().at("active") ==
          true);
    CHECK(idp.introspect("groupware-post", tokens.text("refresh_token")).body() ==
          R"({"active":false})");
    CHECK(idp.introspect("groupware-web", "nonsense").body() == R"({"active":false})");
    CHECK(idp.call("/introspect", {{"token", token}, {"client_id", "groupware-native"}}).status() ==
          401);
}

TEST_CASE("revoking a refresh token takes its family along, an access token goes alone") {
    test_idp idp;
    const auto first = idp.tokens("groupware-post");
    const auto revoke = [&](const std::string& token, const std::string& client) {
        return idp.call(
            "/revoke",
            {{"token", token}, {"client_id", client}, {"client_secret", test_idp::secret}});
    };
    CHECK(revoke("unknown", "groupware-post").status() == 200);
    CHECK(revoke(first.text("access_token"), "groupware-post").status() == 200);
    CHECK(idp.userinfo(first.text("access_token")).status() == 401);

    const auto second = idp.refresh("groupware-web", first.text("refresh_token"));
    CHECK(second.error() == "invalid_grant");
    const auto third = idp.call("/token", {{"grant_type", "refresh_token"},
                                           {"refresh_token", first.text("refresh_token")},
                                           {"client_id", "groupware-post"},
                                           {"client_secret", test_idp::secret}});
    REQUIRE(third.status() == 200);
    CHECK(revoke(third.text("refresh_token"), "groupware-post").status() == 200);
    CHECK(idp.userinfo(third.text("access_token")).status() == 401);
    CHECK(idp.audited("token.revoked"));
}

TEST_CASE("discovery says what is so") {
    test_idp idp;
    const auto document =
        boost::json::value(
            boost::json::parse(*idp.get("/.well-known/openid-configuration").raw->fixed_body))
            .as_object();
    CHECK(document.at("issuer") == "https://idp.example");
    CHECK(document.at("request_uri_parameter_supported") == true);
    CHECK(document.at("require_request_uri_registration") == true);
    // Of all clients, and not of those whose profile demands it.
    CHECK(document.at("require_pushed_authorization_requests") == false);
    for (const auto* said :
         {"backchannel_logout_supported", "backchannel_logout_session_supported",
          "frontchannel_logout_supported", "frontchannel_logout_session_supported"})
        CHECK(document.at(said) == true);
    CHECK(document.at("introspection_signing_alg_values_supported") ==
          document.at("id_token_signing_alg_values_supported"));
    CHECK(document.at("code_challenge_methods_supported") == boost::json::value{"S256"});
    for (const auto* endpoint : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint",
                                 "jwks_uri", "introspection_endpoint", "revocation_endpoint",
                                 "end_session_endpoint", "device_authorization_endpoint"}) {
        const std::string uri(document.at(endpoint).as_string());
        CHECK(uri.starts_with("https://idp.example/"));
        CHECK(idp.call_get(uri.substr(19), {}).status() != 404);
    }
    const auto keys = boost::json::parse(*idp.get("/jwks").raw->fixed_body).at("keys").as_array();
    CHECK(keys.size() >= 8);  // four algorithms, each with an active and a next key
    for (const auto& key : keys) CHECK_FALSE(key.as_object().contains("d"));
}
