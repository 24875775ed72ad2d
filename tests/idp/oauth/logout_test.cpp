// RP-initiated logout: each case is a module of the conformance plan.
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

constexpr auto signed_out_uri = "https://groupware-web.example/signed-out";

bool is_signed_in(test_idp& idp) {
    return !idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("code").empty();
}

}  // namespace

TEST_CASE("a logout with a valid hint and a registered URI signs out and goes back with state") {
    test_idp idp;
    const auto hint = idp.tokens("groupware-web").text("id_token");
    idp.time.turn(std::chrono::minutes(30));  // an expired ID token is a fine hint

    const auto answer = idp.get(
        "/end-session",
        {{"id_token_hint", hint}, {"post_logout_redirect_uri", signed_out_uri}, {"state", "s 1"}});

    CHECK(answer.status() == 303);
    CHECK(answer.location() == std::string(signed_out_uri) + "?state=s%201");
    CHECK_FALSE(is_signed_in(idp));
    CHECK(idp.audited("session.ended"));
}

TEST_CASE("a logout by POST does the same") {
    test_idp idp;
    const auto hint = idp.tokens("groupware-web").text("id_token");
    const auto answer = idp.post(
        "/end-session", {{"id_token_hint", hint}, {"post_logout_redirect_uri", signed_out_uri}});
    CHECK(answer.location() == signed_out_uri);
    CHECK_FALSE(is_signed_in(idp));
}

TEST_CASE("a logout without a URI shows that the person is signed out") {
    test_idp idp;
    const auto hint = idp.tokens("groupware-web").text("id_token");
    const auto answer = idp.get("/end-session", {{"id_token_hint", hint}, {"state", "only"}});
    CHECK(answer.status() == 200);
    CHECK(answer.location().empty());
    CHECK_FALSE(is_signed_in(idp));
}

TEST_CASE("a logout without a hint, or with a bad one, asks first and goes nowhere") {
    test_idp idp;
    auto hint = idp.tokens("groupware-web").text("id_token");
    auto tampered = hint;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    const fields cases[] = {
        {},
        {{"post_logout_redirect_uri", signed_out_uri}},
        {{"id_token_hint", "bad"}, {"post_logout_redirect_uri", signed_out_uri}},
        {{"id_token_hint", tampered}, {"post_logout_redirect_uri", signed_out_uri}},
        {{"id_token_hint", hint},
         {"client_id", "dms-web"},
         {"post_logout_redirect_uri", signed_out_uri}}};
    for (const auto& parameters : cases) {
        const auto page = idp.get("/end-session", parameters);
        CHECK(page.status() == 200);
        CHECK_FALSE(page.hidden("csrf").empty());
        CHECK(is_signed_in(idp));
    }
    const auto page = idp.get("/end-session");
    const auto done = idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                                             {"csrf", page.hidden("csrf")},
                                             {"action", "sign-out"}});
    CHECK(done.status() == 200);
    CHECK_FALSE(is_signed_in(idp));
}

TEST_CASE("a URI that is not registered, or was altered, is never followed") {
    test_idp idp;
    for (const auto* uri : {"https://evil.example/", "https://groupware-web.example/signed-out?x=1",
                            "https://groupware-web.example/signed-out/"}) {
        const auto hint = idp.tokens("groupware-web").text("id_token");
        const auto answer =
            idp.get("/end-session", {{"id_token_hint", hint}, {"post_logout_redirect_uri", uri}});
        CHECK(answer.location().empty());
        CHECK_FALSE(is_signed_in(idp));
        idp.forget_cookies();
    }
}

TEST_CASE("a sign-out ends the refresh tokens of the session, but for offline access") {
    test_idp idp;
    const auto online = idp.tokens("groupware-web", {{"scope", "openid"}});
    const auto offline = idp.tokens("groupware-web", {{"prompt", "login"}});
    idp.get("/end-session", {{"id_token_hint", offline.text("id_token")}});
    CHECK(idp.refresh("groupware-web", online.text("refresh_token")).error() == "invalid_grant");
    CHECK(idp.refresh("groupware-web", offline.text("refresh_token")).status() == 200);
}

TEST_CASE("the sign-out question works only with the session's own form") {
    test_idp idp;
    idp.tokens("groupware-web");
    const auto page = idp.get("/end-session");
    const auto forged = idp.post(
        "/sign-out",
        {{"transaction", page.hidden("transaction")}, {"csrf", "x"}, {"action", "sign-out"}});
    CHECK(forged.location() == "/end-session");  // asked anew
    CHECK(is_signed_in(idp));
    const auto stay = idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                                             {"csrf", page.hidden("csrf")},
                                             {"action", "stay"}});
    CHECK(stay.location() == "/account");
    CHECK(is_signed_in(idp));
}

TEST_CASE(
    "a client_id and its registered address lead back to the application, after the question") {
    test_idp idp;
    idp.tokens("groupware-web");
    const auto page = idp.get("/end-session", {{"client_id", "groupware-web"},
                                               {"post_logout_redirect_uri", signed_out_uri},
                                               {"state", "s&1"}});
    CHECK(page.status() == 200);
    CHECK(is_signed_in(idp));
    const auto done = idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                                             {"csrf", page.hidden("csrf")},
                                             {"action", "sign-out"}});
    CHECK(done.location() == std::string(signed_out_uri) + "?state=s%261");
    CHECK_FALSE(is_signed_in(idp));
}

TEST_CASE(
    "bad-post-logout-redirect-uri, query-added-to-post-logout-redirect-uri: the page says that the "
    "address is not registered") {
    const fields cases[] = {
        {{"client_id", "dms-web"}, {"post_logout_redirect_uri", signed_out_uri}},
        {{"client_id", "groupware-web"},
         {"post_logout_redirect_uri", std::string(signed_out_uri) + "?foo=bar"}},
        {{"client_id", "groupware-web"}, {"post_logout_redirect_uri", "https://<evil>.example/"}}};
    for (const auto& parameters : cases) {
        test_idp idp;
        idp.tokens("groupware-web");
        const auto page = idp.get("/end-session", parameters);
        CHECK(page.shows("nicht eingetragen"));
        CHECK_FALSE(page.shows("<evil>"));
        const auto done = idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                                                 {"csrf", page.hidden("csrf")},
                                                 {"action", "sign-out"}});
        CHECK(done.status() == 200);
        CHECK(done.location().empty());
        CHECK(done.shows("nicht eingetragen"));
        CHECK_FALSE(done.shows("<evil>"));
    }
    test_idp idp;
    CHECK_FALSE(idp.get("/end-session").shows("nicht eingetragen"));
}

TEST_CASE(
    "no-id-token-hint, modified-id-token-hint, bad-id-token-hint: the page says that the hint is "
    "missing or not valid, of an address that is registered") {
    for (const std::string kind :
         {"none", "unsigned", "foreign", "other client", "unknown client"}) {
        CAPTURE(kind);
        test_idp idp;
        const auto hint = idp.tokens("groupware-web").text("id_token");
        fields parameters{{"post_logout_redirect_uri", signed_out_uri}};
        const auto payload = hint.substr(hint.find('.'), hint.rfind('.') - hint.find('.'));
        if (kind == "unsigned")
            parameters.emplace_back("id_token_hint", "eyJhbGciOiJub25lIn0" + payload + ".");
        if (kind == "foreign") {
            auto foreign = hint;
            auto& signed_by = foreign[foreign.rfind('.') + 2];
            signed_by = signed_by == 'A' ? 'B' : 'A';
            parameters.emplace_back("id_token_hint", foreign);
        }
        if (kind == "other client") {
            parameters.emplace_back("id_token_hint", hint);
            parameters.emplace_back("client_id", "dms-web");
        }
        if (kind == "unknown client") parameters.emplace_back("client_id", "no-such-client");
        const auto page = idp.get("/end-session", parameters);
        CHECK(page.shows("id_token_hint fehlt oder ist ungültig"));
        CHECK_FALSE(page.shows("nicht eingetragen"));
        const auto done = idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                                                 {"csrf", page.hidden("csrf")},
                                                 {"action", "sign-out"}});
        CHECK(done.location().empty());
        CHECK(done.shows("id_token_hint fehlt oder ist ungültig"));
        CHECK_FALSE(done.shows("nicht eingetragen"));
        CHECK_FALSE(is_signed_in(idp));
        // Signed out already: the same is said at once.
        const auto again = idp.get("/end-session", parameters);
        CHECK(again.shows("id_token_hint fehlt oder ist ungültig"));
    }
}
