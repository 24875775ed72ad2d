#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::tests;

TEST_CASE("an unknown client gets a page and is never redirected") {
    test_idp idp;
    const auto page = idp.authorize("no-such-client");
    CHECK(page.status() == 400);
    CHECK(page.location().empty());
}

TEST_CASE("a redirect URI that is not registered gets a page and is never followed") {
    test_idp idp;
    for (const auto* uri :
         {"https://evil.example/", "https://groupware-web.example/callback/", "//evil.example",
          "https://groupware-web.example/callback#x", "javascript:alert(1)"}) {
        CAPTURE(uri);
        const auto page = idp.authorize("groupware-web", {{"redirect_uri", uri}});
        CHECK(page.status() == 400);
        CHECK(page.location().empty());
    }
}

TEST_CASE(
    "redirect_uri is required with openid, and may be left out in plain OAuth with one "
    "registered") {
    test_idp idp;
    const auto openid = idp.authorize("groupware-web", {{"redirect_uri", ""}});
    CHECK(openid.status() == 400);
    const auto plain = idp.authorize("groupware-web", {{"redirect_uri", ""}, {"scope", "profile"}});
    CHECK(plain.status() == 200);
}

TEST_CASE("every other mistake goes back to the client with state and iss") {
    test_idp idp;
    const std::tuple<fields, std::string> table[] = {
        {{{"response_type", ""}}, "invalid_request"},
        {{{"response_type", "token"}}, "unsupported_response_type"},
        {{{"scope", ""}}, "invalid_scope"},
        {{{"scope", "unheard-of"}}, "invalid_scope"},
        {{{"code_challenge", ""}, {"code_challenge_method", ""}}, "invalid_request"},
        {{{"code_challenge_method", "plain"}}, "invalid_request"},
        {{{"code_challenge_method", ""}}, "invalid_request"},
        {{{"code_challenge", "short"}}, "invalid_request"},
        {{{"prompt", "none login"}}, "invalid_request"},
        {{{"prompt", "create"}}, "invalid_request"},
        {{{"max_age", "-1"}}, "invalid_request"},
        {{{"max_age", "soon"}}, "invalid_request"},
        {{{"claims", "{"}}, "invalid_request"},
        {{{"id_token_hint", "not.a.token"}}, "invalid_request"},
        {{{"response_mode", "fragment"}}, "invalid_request"},
        {{{"request", "eyJhbGciOiJub25lIn0.e30."}}, "request_not_supported"},
        {{{"request_uri", "https://groupware.example/r"}}, "request_uri_not_supported"},
        {{{"registration", "{}"}}, "registration_not_supported"},
        {{{"prompt", "none"}}, "login_required"},
        {{{"claims", R"({"id_token":{"acr":{"essential":true,"value":"gold"}}})"}},
         "unmet_authentication_requirements"},
    };
    for (const auto& row : table) {
        const auto& [parameters, expected] = row;
        CAPTURE(std::get<0>(row).front().first);
        CAPTURE(std::get<0>(row).front().second);
        const auto answer = idp.authorize("groupware-web", parameters);
        CHECK(answer.status() == 303);
        CHECK(answer.redirected("error") == expected);
        CHECK(answer.redirected("state") == "state-1");
        CHECK(answer.redirected("iss") == "https://idp.example");
    }
}

TEST_CASE("a parameter that occurs twice is refused") {
    test_idp idp;
    idp::http::request request;
    request.path = "/authorize";
    request.query =
        "response_type=code&client_id=groupware-web&redirect_uri=https%3A%2F%2Fgroupware-web."
        "example%2Fcallback"
        "&scope=openid&scope=email";
    CHECK(idp.send(request).redirected("error") == "invalid_request");

    request.query += "&client_id=dms-web";
    CHECK(idp.send(request).status() == 400);
}

TEST_CASE("parameters that nobody knows, and hints of taste, are never an error") {
    test_idp idp;
    const auto page =
        idp.authorize("groupware-web", {{"extra", "foobar"},
                                        {"display", "popup"},
                                        {"ui_locales", "se de"},
                                        {"claims_locales", "se"},
                                        {"acr_values", "1 2"},
                                        {"login_hint", "anna.noack@amt-lebus.example"}});
    CHECK(page.status() == 200);
    CHECK(page.shows("anna.noack@amt-lebus.example"));
    CHECK(page.town().empty());  // a link names nobody's directory
}

TEST_CASE("a first sign-in ends in a code, with state and iss, and a session") {
    test_idp idp;
    const auto redirect = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");

    CHECK(redirect.status() == 303);
    CHECK(redirect.location().starts_with("https://groupware-web.example/callback?code="));
    CHECK(redirect.redirected("state") == "state-1");
    CHECK(redirect.redirected("iss") == "https://idp.example");
    CHECK(idp.cookies().contains("__Host-kommpass-session"));
    CHECK(idp.audited("sign_in.success"));
    CHECK(idp.audited("authorization.granted"));
}

TEST_CASE("the second application lets the person in without a password") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto checks = idp.directories.password_checks;

    const auto redirect = idp.authorize("meso-web", {{"prompt", ""}});
    const auto silent = idp.authorize("groupware-web", {{"prompt", "none"}});

    CHECK(redirect.status() == 403);  // no role in meso: told so, with a page
    CHECK(redirect.location().empty());
    CHECK_FALSE(silent.redirected("code").empty());
    CHECK(idp.directories.password_checks == checks);
}

TEST_CASE("without a role or a subscription nobody gets a code") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");

    CHECK(idp.authorize("meso-web", {{"prompt", "none"}}).redirected("error") == "access_denied");
    idp.change_registry([](policies::registry& all) {
        std::erase_if(all.subscriptions,
                      [](const auto& s) { return s.application.view() == "groupware"; });
    });
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "access_denied");
    CHECK(idp.audited("authorization.refused"));
}

TEST_CASE("prompt=login and an old max_age ask for the password again, and auth_time moves on") {
    test_idp idp;
    const auto first = idp.tokens("groupware-web");
    idp.time.turn(std::chrono::seconds(30));

    const auto page = idp.authorize("groupware-web", {{"max_age", "1"}});
    CHECK(page.status() == 200);
    const auto second = idp.redeem("groupware-web", idp.fill_in(page, "anna.noack", "Spreewald-7"));
    const auto fresh_enough = idp.authorize("groupware-web", {{"max_age", "10000"}});
    const auto forced = idp.authorize("groupware-web", {{"prompt", "login"}});

    const auto before = test_idp::payload(first.text("id_token"));
    const auto after = test_idp::payload(second.text("id_token"));
    CHECK(after.at("auth_time").as_int64() == before.at("auth_time").as_int64() + 30);
    CHECK(after.at("sub") == before.at("sub"));
    CHECK(after.at("sid") == before.at("sid"));
    CHECK_FALSE(fresh_enough.redirected("code").empty());
    CHECK(forced.status() == 200);
}

TEST_CASE("id_token_hint of the person signed in passes silently, of another one asks") {
    test_idp idp;
    const auto hint = idp.tokens("groupware-web").text("id_token");
    CHECK_FALSE(idp.authorize("groupware-web", {{"prompt", "none"}, {"id_token_hint", hint}})
                    .redirected("code")
                    .empty());

    idp.forget_cookies();
    const auto page = idp.authorize("groupware-web");
    (void)idp.fill_in(page, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus");
    const auto silent =
        idp.authorize("groupware-web", {{"prompt", "none"}, {"id_token_hint", hint}});
    const auto asked = idp.authorize("groupware-web", {{"id_token_hint", hint}});

    CHECK(silent.redirected("error") == "login_required");
    CHECK(asked.status() == 200);
}

TEST_CASE("form_post answers with a page that posts code, state and iss") {
    test_idp idp;
    const auto page =
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7", {{"response_mode", "form_post"}});

    CHECK(page.status() == 200);
    CHECK(page.raw->form_action == "https: http:");
    CHECK_FALSE(page.raw->script_hash.empty());
    CHECK(page.hidden("state") == "state-1");
    CHECK(page.hidden("iss") == "https://idp.example");
    CHECK_FALSE(page.hidden("code").empty());
}

TEST_CASE("a POST of the authorization request is served as a GET is") {
    test_idp idp;
    const auto answer =
        idp.post("/authorize", {{"response_type", "code"},
                                {"client_id", "groupware-old"},
                                {"redirect_uri", "https://groupware-old.example/callback"},
                                {"scope", "openid"}});
    // A cross-site POST carries none of our cookies; the redirect lets the browser bring them
    // along.
    CHECK(answer.status() == 303);
    CHECK(answer.location().starts_with("/authorize?response_type=code"));
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    const auto signed_in =
        idp.post("/authorize", {{"response_type", "code"},
                                {"client_id", "groupware-old"},
                                {"redirect_uri", "https://groupware-old.example/callback"},
                                {"scope", "openid"}});
    CHECK(signed_in.location() == answer.location());
    const fields query = idp::http::form::parse(signed_in.location().substr(11))->all();
    CHECK_FALSE(idp.get("/authorize", query).redirected("code").empty());
}

TEST_CASE("consent is asked once, and a refusal goes back as access_denied") {
    test_idp idp;
    const auto page = idp.sign_in("dms-web", "anna.noack", "Spreewald-7");
    REQUIRE(page.status() == 200);
    const auto refused =
        idp.post("/sign-in", {{"transaction", page.hidden("transaction")}, {"action", "deny"}});
    CHECK(refused.redirected("error") == "access_denied");
    CHECK(idp.authorize("dms-web", {{"prompt", "none"}}).redirected("error") == "consent_required");

    const auto again = idp.authorize("dms-web");
    const auto allowed =
        idp.post("/sign-in", {{"transaction", again.hidden("transaction")}, {"action", "allow"}});
    CHECK_FALSE(allowed.redirected("code").empty());
    CHECK_FALSE(idp.authorize("dms-web", {{"prompt", "none"}}).redirected("code").empty());
    CHECK(idp.authorize("dms-web", {{"prompt", "consent"}}).status() == 200);
}

TEST_CASE("a session ends when it is idle for too long, and at its absolute end") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    for (int hour = 0; hour < 9; ++hour) {
        idp.time.turn(std::chrono::hours(1));
        CHECK_FALSE(
            idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("code").empty());
    }
    idp.time.turn(std::chrono::minutes(61));
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");

    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    idp.time.turn(std::chrono::minutes(121));
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
}

TEST_CASE("who has left the directory loses session and tokens at the next use") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    idp.directories.of("lebus", "anna.noack").disabled = true;

    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
    CHECK(idp.introspect("groupware-web", tokens.text("access_token")).json().at("active") ==
          false);
    CHECK(idp.audited("session.ended_all"));
}

TEST_CASE("an outage of the directory ends nobody's session") {
    test_idp idp;
    const auto tokens = idp.tokens("groupware-web");
    idp.directories.set_reachable("lebus", false);

    CHECK_FALSE(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("code").empty());
    CHECK_FALSE(
        idp.refresh("groupware-web", tokens.text("refresh_token")).text("access_token").empty());
    CHECK(idp.userinfo(tokens.text("access_token")).text("name") == "Anna Noack");
}

TEST_CASE("an application may ask for a fresh sign-in: an older session signs in again") {
    test_idp idp;
    idp.change_registry([](policies::registry& r) {
        r.applications.at(application_key("groupware")).longest_sign_in_age =
            std::chrono::minutes(10);
    });
    CHECK_FALSE(
        idp.sign_in("groupware-web", "anna.noack", "Spreewald-7").redirected("code").empty());
    idp.time.turn(std::chrono::minutes(5));
    CHECK_FALSE(idp.authorize("groupware-web").redirected("code").empty());
    idp.time.turn(std::chrono::minutes(6));
    const auto page = idp.authorize("groupware-web");
    CHECK_FALSE(page.hidden("transaction").empty());
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
    CHECK_FALSE(idp.fill_in(page, "anna.noack", "Spreewald-7").redirected("code").empty());
}

TEST_CASE("an application may let in certain networks and strengths only, and the page says so") {
    test_idp idp;
    idp.change_registry([](policies::registry& r) {
        r.applications.at(application_key("groupware")).networks = {"10.0.0.0/8"};
    });
    const auto refused = idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    CHECK(refused.status() == 403);
    CHECK(refused.shows("nur Rechner aus bestimmten Netzen"));
    CHECK(idp.audited("authorization.refused"));
    idp.change_registry([](policies::registry& r) {
        auto& groupware = r.applications.at(application_key("groupware"));
        groupware.networks = {"192.0.2.0/24"};
        groupware.require_acr = {"urn:kommpass:acr:second-factor"};
    });
    CHECK(idp.authorize("groupware-web").shows("stärkere Anmeldung"));
    CHECK(idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "access_denied");
}

TEST_CASE("a role that was granted before the first sign-in is in the first token") {
    test_idp idp;
    const directory_id entry = idp.directories.of("lebus", "anna.noack").who.id;
    const auto made = idp.parts().memory.write_now([&](kommpass::idp::store::transaction& t) {
        (void)t.persons().ensure(member_slug("lebus"), entry, person_id("P-anna"), idp.time.now());
    });
    REQUIRE(made.has_value());
    idp.change_registry([](policies::registry& r) {
        policies::grant one;
        one.id = "g-1";
        one.member = member_slug("lebus");
        one.person = person_id("P-anna");
        one.role = role_name("groupware.betrieb");
        one.reason = "Vertretung";
        one.for_members = {member_slug("cottbus"), member_slug("lebus")};
        one.agreed = {member_slug("cottbus")};
        r.grants.emplace(one.id, one);
    });
    const auto token = idp.tokens("groupware-web").text("access_token");
    const auto claims = boost::json::serialize(test_idp::payload(token));
    CHECK(claims.find("groupware.betrieb") != std::string::npos);
    CHECK(claims.find("cottbus") != std::string::npos);
}

TEST_CASE("state comes back unchanged with every error, however long and odd it is") {
    test_idp idp;
    for (const auto& state :
         {std::string(3000, 's'), std::string(7000, 'x'), std::string("-._~"),
          std::string("a b&c=d#e?f%2B+\"'<>\\/"), std::string("ä € \xF0\x9F\x98\x80")}) {
        for (const fields& wrong : {fields{{"response_type", "token"}}, fields{{"prompt", "none"}},
                                    fields{{"claims", "{"}}, fields{{"scope", "unheard-of"}}}) {
            auto parameters = wrong;
            parameters.emplace_back("state", state);
            const auto answer = idp.authorize("groupware-web", parameters);
            CHECK(answer.status() == 303);
            CHECK(answer.redirected("state") == state);
        }
    }
}

TEST_CASE("a max_age of any length is taken, and what is no number is refused") {
    test_idp idp;
    idp.sign_in("groupware-web", "anna.noack", "Spreewald-7");
    for (const auto* age : {"99999999999", "4294967296", "18446744073709551616", "4294967295"}) {
        CAPTURE(age);
        CHECK_FALSE(idp.authorize("groupware-web", {{"max_age", age}}).redirected("code").empty());
    }
    for (const auto* age : {"+1", "1.5", "1e9", " 1"}) {
        CAPTURE(age);
        CHECK(idp.authorize("groupware-web", {{"max_age", age}}).redirected("error") ==
              "invalid_request");
    }
}

TEST_CASE(
    "a POST with a line break that is not encoded is 400, at every endpoint that repeats it") {
    test_idp idp;
    for (const auto* path : {"/authorize", "/end-session", "/token"}) {
        for (const auto* body :
             {"client_id=groupware-old\r\nSet-Cookie: a=b", "client_id=groupware-old\r\n",
              "client_id=groupware-old\n", "client_id\t=x"}) {
            CAPTURE(path);
            idp::http::request request;
            request.method = idp::http::method::post;
            request.path = path;
            request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
            request.body = body;
            const auto answer = idp.send(std::move(request));
            CHECK(answer.status() == 400);
            CHECK(answer.location().empty());
        }
    }
}
