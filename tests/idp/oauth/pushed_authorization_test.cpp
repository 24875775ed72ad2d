// Pushed authorization requests (RFC 9126). Names in braces are modules of the OpenID conformance
// suite.
#include "config/vocabulary/base64url.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/router.hpp"
#include "idp/store/audit_record.hpp"
#include "policies/snapshot.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto web = "groupware-web";

fields request_of(const std::string& client, const fields& more = {}) {
    fields form{{"response_type", "code"},
                {"client_id", client},
                {"redirect_uri", "https://" + client + ".example/callback"},
                {"scope", "openid profile"},
                {"state", "state-1"},
                {"nonce", "nonce-1"},
                {"code_challenge", test_idp::challenge},
                {"code_challenge_method", "S256"}};
    for (const auto& given : more)
        std::erase_if(form, [&](const auto& pair) { return pair.first == given.first; });
    for (const auto& pair : more) {
        if (!pair.second.empty()) form.push_back(pair);
    }
    return form;
}

answer push(test_idp& idp, const fields& more = {}, const std::string& client = web) {
    return idp.call_as(client, "/par", request_of(client, more));
}

answer come_with(test_idp& idp, const answer& pushed, const fields& more = {},
                 const std::string& client = web) {
    fields query{{"client_id", client}, {"request_uri", pushed.text("request_uri")}};
    query.insert(query.end(), more.begin(), more.end());
    return idp.get("/authorize", query);
}

answer finish(test_idp& idp, const answer& page) {
    return idp.fill_in(page, "anna.noack", "Spreewald-7");
}

bool is_gone(const answer& page) {
    return page.status() == 400 && page.location().empty() && page.shows("invalid_request_uri") &&
           page.hidden("transaction").empty();
}

void require_pushes(test_idp& idp) {
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware"))
            .clients.at(0)
            .require_pushed_authorization_requests = true;
    });
}

}  // namespace

TEST_CASE("par-without-duplicate-parameters: client_id and request_uri lead to tokens") {
    test_idp idp;
    const auto pushed = push(idp);
    CHECK(pushed.status() == 201);
    CHECK(pushed.json().at("expires_in") == 90);
    const auto uri = pushed.text("request_uri");
    CHECK(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    CHECK(base64url::decode(uri.substr(34))->size() == 32);

    const auto redirect = finish(idp, come_with(idp, pushed));
    CHECK(redirect.location().starts_with("https://groupware-web.example/callback?"));
    CHECK(redirect.redirected("state") == "state-1");
    CHECK(redirect.redirected("iss") == "https://idp.example");
    const auto tokens = idp.redeem(web, redirect);
    REQUIRE(tokens.status() == 200);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce") == "nonce-1");
}

TEST_CASE("what stands beside request_uri counts for nothing") {
    test_idp idp;
    const auto page = come_with(idp, push(idp),
                                {{"state", "another"},
                                 {"nonce", "another"},
                                 {"redirect_uri", "https://boese.example/"},
                                 {"resource", "https://a.example/"},
                                 {"resource", "https://b.example/"},
                                 {"scope", "openid email"}});
    const auto redirect = finish(idp, page);
    CHECK(redirect.redirected("state") == "state-1");
    CHECK(redirect.location().starts_with("https://groupware-web.example/"));
    const auto tokens = idp.redeem(web, redirect);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce") == "nonce-1");
    CHECK(test_idp::payload(tokens.text("access_token")).at("scope") == "openid profile");
}

TEST_CASE("state-only-outside-request-object-not-used: no state comes back that was not pushed") {
    test_idp idp;
    const auto pushed = push(idp, {{"state", ""}});
    const auto redirect = finish(idp, come_with(idp, pushed, {{"state", "outside"}}));
    CHECK_FALSE(redirect.redirected("code").empty());
    CHECK(redirect.location().find("state=") == std::string::npos);
}

TEST_CASE(
    "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds: opened twice, signed in at "
    "the second") {
    test_idp idp;
    const auto pushed = push(idp);
    CHECK_FALSE(come_with(idp, pushed).hidden("transaction").empty());
    const auto redirect = finish(idp, come_with(idp, pushed));
    CHECK_FALSE(redirect.redirected("code").empty());
}

TEST_CASE("par-attempt-reuse-request_uri: after a code it is gone, with and without a session") {
    test_idp idp;
    const auto pushed = push(idp);
    const auto redirect = finish(idp, come_with(idp, pushed));
    REQUIRE_FALSE(redirect.redirected("code").empty());

    CHECK(is_gone(come_with(idp, pushed)));
    idp.forget_cookies();
    CHECK(is_gone(come_with(idp, pushed)));
}

TEST_CASE("twenty browsers at once with one request_uri get one code") {
    test_idp idp;
    REQUIRE_FALSE(idp.sign_in(web, "anna.noack", "Spreewald-7").redirected("code").empty());
    const auto pushed = push(idp);
    std::string cookies;
    for (const auto& [name, value] : idp.cookies())
        cookies.append(cookies.empty() ? "" : "; ").append(name).append("=").append(value);
    std::vector<idp::http::request> all;
    for (int i = 0; i < 20; ++i) {
        idp::http::request one;
        one.path = "/authorize";
        one.query = idp::http::with_query(
                        {}, {{"client_id", web}, {"request_uri", pushed.text("request_uri")}})
                        .substr(1);
        one.headers = {{"cookie", cookies}};
        all.push_back(std::move(one));
    }
    std::set<std::string> codes;
    int refused = 0;
    for (const auto& one : idp.send_together(std::move(all))) {
        if (const auto code = one.redirected("code"); !code.empty()) codes.insert(code);
        if (one.status() == 400) ++refused;
    }
    CHECK(codes.size() == 1);
    CHECK(refused == 19);
}

TEST_CASE("par-attempt-to-use-expired-request_uri: refused before any form") {
    test_idp idp;
    const auto pushed = push(idp);
    idp.time.turn(90s);
    CHECK(is_gone(come_with(idp, pushed)));
}

TEST_CASE("who began in time may take ten minutes over the sign-in") {
    test_idp idp;
    const auto page = come_with(idp, push(idp));
    idp.time.turn(10min);
    CHECK_FALSE(finish(idp, page).redirected("code").empty());
}

TEST_CASE("par-attempt-to-use-request_uri-for-different-client: as if there were none") {
    test_idp idp;
    const auto pushed = push(idp);
    CHECK(is_gone(come_with(idp, pushed, {}, "groupware-old")));
    CHECK(is_gone(idp.get("/authorize", {{"request_uri", pushed.text("request_uri")}})));
    CHECK(is_gone(come_with(idp, pushed, {{"client_id", "groupware-old"}})));
    auto guessed = pushed.text("request_uri");
    guessed.back() = guessed.back() == 'A' ? 'B' : 'A';
    CHECK(is_gone(idp.get("/authorize", {{"client_id", web}, {"request_uri", guessed}})));
    CHECK(is_gone(
        idp.get("/authorize",
                {{"client_id", web}, {"request_uri", "urn:ietf:params:oauth:request_uri:short"}})));
    CHECK_FALSE(come_with(idp, pushed).hidden("transaction").empty());
}

TEST_CASE("a client that has not proven itself pushes nothing") {
    test_idp idp;
    const auto refused = idp.call("/par", request_of(web));
    CHECK(refused.status() == 401);
    CHECK(refused.error() == "invalid_client");
    const auto wrong = idp.call("/par", request_of(web),
                                {{"authorization", "Basic Z3JvdXB3YXJlLXdlYjp3cm9uZw=="}});
    CHECK(wrong.error() == "invalid_client");
    // A public client has nothing to prove itself with, and is known by its name.
    const auto native =
        push(idp, {{"redirect_uri", "http://127.0.0.1:4711/callback"}}, "groupware-native");
    CHECK(native.status() == 201);
    auto another = request_of("groupware-old");
    CHECK(idp.call_as(web, "/par", another).error() == "invalid_request");
}

TEST_CASE("every check of the authorization endpoint is made at the push, and answered there") {
    test_idp idp;
    const std::vector<std::pair<fields, const char*>> cases{
        // {par-authorization-request-containing-request_uri-form-param}
        {{{"request_uri", "urn:ietf:params:oauth:request_uri:x"}}, "invalid_request"},
        // {ensure-request-object-without-redirect-uri-fails}
        {{{"redirect_uri", ""}}, "invalid_request"},
        // {plain-fapi-tolerate-unregistered-redirect-uri}
        {{{"redirect_uri", "https://boese.example/"}}, "invalid_request"},
        // {par-ensure-pkce-required}, {par-plain-pkce-rejected}
        {{{"code_challenge", ""}, {"code_challenge_method", ""}}, "invalid_request"},
        {{{"code_challenge_method", "plain"}}, "invalid_request"},
        // {ensure-response-type-token-fails}, {ensure-response-type-code-idtoken-fails}
        {{{"response_type", "token"}}, "unsupported_response_type"},
        {{{"response_type", "code id_token"}}, "unsupported_response_type"},
        {{{"response_type", ""}}, "invalid_request"},
        {{{"scope", "none-of-ours"}}, "invalid_scope"},
        {{{"prompt", "none login"}}, "invalid_request"},
        {{{"max_age", "-1"}}, "invalid_request"},
        {{{"claims", "{"}}, "invalid_request"},
        {{{"resource", "https://other.example/"}}, "invalid_target"},
        {{{"nonce", std::string(513, 'n')}}, "invalid_request"},
        {{{"state", std::string(9000, 's')}}, "invalid_request"},
        {{{"request", "a.b.c"}}, "request_not_supported"},
        {{{"id_token_hint", "a.b.c"}}, "invalid_request"}};
    for (const auto& one : cases) {
        CAPTURE(one.first.front().first);
        const auto refused = push(idp, one.first);
        CHECK(refused.status() == 400);
        CHECK(refused.error() == one.second);
        CHECK(refused.text("request_uri").empty());
    }
    const auto audited = idp.audit();
    CHECK(audited.back().record.event == "authorization.refused");
    CHECK(audited.back().record.client == client_id(web));
}

TEST_CASE("long values pass as they do at the authorization endpoint") {
    test_idp idp;
    // {ensure-authorization-request-with-long-nonce}, {-with-long-state}
    const std::string nonce(384, 'n');
    const std::string state(1000, 's');
    const auto redirect =
        finish(idp, come_with(idp, push(idp, {{"nonce", nonce}, {"state", state}})));
    CHECK(redirect.redirected("state") == state);
    const auto tokens = idp.redeem(web, redirect);
    CHECK(test_idp::payload(tokens.text("id_token")).at("nonce").as_string() == nonce);
}

TEST_CASE(
    "ensure-unsigned-authorization-request-without-using-par-fails: who must push is refused "
    "otherwise") {
    test_idp idp;
    require_pushes(idp);
    const auto refused = idp.authorize(web);
    CHECK(refused.redirected("error") == "invalid_request");
    CHECK(refused.redirected("state") == "state-1");
    CHECK_FALSE(finish(idp, come_with(idp, push(idp))).redirected("code").empty());
}

TEST_CASE("a plain request under way is refused once its client must push") {
    test_idp idp;
    const auto page = idp.authorize(web);
    require_pushes(idp);
    const auto refused = finish(idp, page);
    CHECK(refused.redirected("code").empty());
    CHECK(refused.redirected("error") == "invalid_request");
}

TEST_CASE("a browser cannot say that its request was pushed or signed") {
    test_idp idp;
    require_pushes(idp);
    for (const auto* query : {"pushed&", "signed&", "pushed=&"}) {
        CAPTURE(query);
        idp::http::request one;
        one.path = "/authorize";
        one.query = query + idp::http::with_query({}, request_of(web)).substr(1);
        CHECK(idp.send(std::move(one)).redirected("error") == "invalid_request");
    }
}

TEST_CASE("consent to a pushed request, and a refusal of it") {
    test_idp idp;
    const auto page = come_with(idp, push(idp, {}, "dms-web"), {}, "dms-web");
    const auto asked = finish(idp, page);
    REQUIRE_FALSE(asked.hidden("transaction").empty());
    const auto allowed = idp.press(asked, "allow");
    CHECK_FALSE(allowed.redirected("code").empty());
    CHECK(idp.redeem("dms-web", allowed).status() == 200);

    // {user-rejects-authentication}
    const auto again = come_with(idp, push(idp, {{"prompt", "consent"}}, "dms-web"), {}, "dms-web");
    const auto denied = idp.press(again, "deny");
    CHECK(denied.redirected("error") == "access_denied");
    CHECK(denied.redirected("state") == "state-1");
}

TEST_CASE("par-attempt-invalid-http-method: PUT is 405") {
    test_idp idp;
    idp::http::request one;
    one.method = idp::http::method::put;
    one.path = "/par";
    const auto refused = idp.send(std::move(one));
    CHECK(refused.status() == 405);
    CHECK(idp.routes().allowed_methods("/par").find("POST") != std::string::npos);
    CHECK(idp.routes().allowed_methods("/par").find("GET") == std::string::npos);
}

TEST_CASE("a store that does not answer is said, and nothing is kept") {
    test_idp idp;
    const auto pushed = push(idp);
    idp.sql("ALTER TABLE pushed_request RENAME TO pushed_request_away");
    CHECK(push(idp).status() == 503);
    CHECK(come_with(idp, pushed).status() == 503);
    idp.sql("ALTER TABLE pushed_request_away RENAME TO pushed_request");
    CHECK_FALSE(come_with(idp, pushed).hidden("transaction").empty());
}
