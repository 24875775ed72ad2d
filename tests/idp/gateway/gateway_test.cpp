#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/store.hpp"
#include "policies/registry.hpp"
#include "tests/idp/gateway/application_host.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

struct signed_in_host {
    test_idp idp;
    application_host host{idp, akten};
    signed_in_host() {
        open_gateways(idp);
        const auto back = host.sign_in("/akte/7?seite=2");
        REQUIRE(back.location() == "https://akten.example.org/akte/7?seite=2");
    }
};

}  // namespace

TEST_CASE("who signs in once is let through, with every header that the entry names") {
    signed_in_host here;
    const auto let = here.host.check("/akte/7?seite=2");

    REQUIRE(let.status() == 200);
    CHECK(let.header("Remote-User") == "anna.noack@amt-lebus.example");
    CHECK(let.header("Remote-Name") == "Anna Noack");
    CHECK(let.header("Remote-Email") == "anna.noack@amt-lebus.example");
    CHECK(let.header("Remote-Member") == "lebus");
    CHECK(let.header("Remote-Groups") == "dms.bearbeiten,dms.lesen");
    CHECK(let.header("Remote-Subject").size() == 43);
    CHECK(let.header("Remote-Level") == "urn:kommpass:acr:password");
}

TEST_CASE("the signed header is for this application, signed by the published key, and short") {
    signed_in_host here;
    const auto jwt = here.host.check("/").header("Kommpass-Assertion");

    REQUIRE(here.idp.parts().keys.get()->verify_own(jwt, "JWT").has_value());
    const auto claims = test_idp::payload(jwt);
    CHECK(test_idp::header_of(jwt).at("alg").as_string() == "ES256");
    CHECK(claims.at("iss").as_string() == "https://idp.example");
    CHECK(claims.at("aud").as_string() == "dms");
    CHECK(claims.at("sub").as_string() == here.host.check("/").header("Remote-Subject"));
    CHECK(claims.at("exp").to_number<long long>() - claims.at("iat").to_number<long long>() == 60);
    CHECK(claims.at("roles").as_array().size() == 2);
}

TEST_CASE("a navigation is led to the sign-in, what runs in the background is told where it is") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);

    const auto navigation = host.check("/akte/7", {{"sec-fetch-mode", "navigate"}});
    CHECK(navigation.status() == 302);
    CHECK(navigation.location() == "https://akten.example.org/.kommpass/start?to=%2Fakte%2F7");
    for (const auto& one :
         {fields{{"sec-fetch-mode", "cors"}}, fields{{"accept", "application/json"}},
          fields{{"x-requested-with", "XMLHttpRequest"}}, fields{{"sec-fetch-mode", "websocket"}},
          fields{{"connection", "Upgrade"}, {"upgrade", "websocket"}}}) {
        CAPTURE(one.front().second);
        const auto told = host.check("/akte/7", one);
        CHECK(told.status() == 401);
        CHECK(told.location().empty());
        CHECK(told.text("sign_in") == navigation.location());
    }
    CHECK(host.check("/akte/7", {}, "POST").status() == 401);
    // A proxy that takes statuses alone finds the address in a header.
    const auto status = host.check("/akte/7", {}, "GET", "status");
    CHECK(status.status() == 401);
    CHECK(status.location().empty());
    CHECK(status.header("X-Kommpass-Location") == navigation.location());
    CHECK(host.check("/akte/7", {{"sec-fetch-mode", "cors"}}, "GET", "status")
              .header("X-Kommpass-Location")
              .empty());
}

TEST_CASE("what is open is open to everybody, and says of nobody who they are") {
    signed_in_host here;
    application_host stranger(here.idp, akten);
    for (auto* one : {&here.host, &stranger}) {
        const auto let = one->check("/public/logo.png");
        CHECK(let.status() == 200);
        CHECK(let.header("Remote-User").empty());
        std::size_t named = 0;
        for (const auto& [name, value] : let.raw->headers)
            named += name.starts_with("Remote-") || name == "Kommpass-Assertion" ? 1U : 0U;
        CHECK(named == 8);
    }
}

TEST_CASE("a role that a path demands is missed on a page that says so") {
    signed_in_host here;
    const auto kept_out = here.host.check("/admin/nutzer");
    CHECK(kept_out.status() == 302);
    CHECK(here.host.check("/admin/nutzer", {}, "GET", "status").status() == 403);
    CHECK(here.host.check("/admin/nutzer", {{"sec-fetch-mode", "cors"}}).status() == 403);

    const auto started = here.host.follow(kept_out.location());
    const auto page = here.idp.get("/gateway/sign-in", {{"way", started.redirected("way")}});
    CHECK(page.status() == 403);
    CHECK(page.shows("keine Ihrer Rollen öffnet diesen Teil der Anwendung"));
    CHECK(page.shows("Dokumente"));
    CHECK(page.shows("Fachadministration"));
    CHECK_FALSE(page.shows("bearbeiten"));
    CHECK(here.idp.audited("authorization.refused"));
}

TEST_CASE("a level that a path demands asks for a better sign-in") {
    signed_in_host here;
    const auto kept_out = here.host.check("/siegel/7");
    CHECK(kept_out.status() == 302);
    CHECK(here.host.check("/siegel/7", {}, "GET", "status").status() == 401);
    const auto started = here.host.follow(kept_out.location());
    const auto page = here.idp.get("/gateway/sign-in", {{"way", started.redirected("way")}});
    CHECK(page.status() == 200);
    CHECK_FALSE(page.hidden("transaction").empty());
}

TEST_CASE("losing the role, the person or the central session ends it within seconds") {
    signed_in_host here;
    SUBCASE("the role, by a changed registry: at once") {
        here.idp.change_registry(
            [](policies::registry& all) { all.mappings.erase("lebus-registratur"); });
        CHECK(here.host.check("/", {}, "GET", "status").status() == 403);
    }
    SUBCASE("the group, in the directory") {
        here.idp.directories.of("lebus", "anna.noack").who.groups.clear();
        here.idp.time.turn(6s);
        CHECK(here.host.check("/", {}, "GET", "status").status() == 403);
    }
    SUBCASE("the central session, by a sign-out") {
        const auto asks = here.idp.get("/end-session");
        here.idp.post("/sign-out", {{"transaction", asks.hidden("transaction")},
                                    {"csrf", asks.hidden("csrf")},
                                    {"action", "sign-out"}});
        here.idp.time.turn(6s);
        CHECK(here.host.check("/", {}, "GET", "status").status() == 401);
        CHECK(here.host.check("/", {{"upgrade", "websocket"}}).status() == 401);
    }
    SUBCASE("the central session, by its absolute limit") {
        here.idp.time.turn(here.idp.parts().settings.session.absolute);
        CHECK(here.host.check("/", {}, "GET", "status").status() == 401);
    }
}

TEST_CASE("signing out at the application's host ends the session there, also a copied cookie's") {
    signed_in_host here;
    application_host copy(here.idp, akten);
    copy.cookies = here.host.cookies;
    const auto out = here.host.handed("/.kommpass/sign-out", {{"sec-fetch-site", "same-origin"}});

    CHECK(out.location() == "https://idp.example/end-session");
    CHECK(here.host.check("/", {}, "GET", "status").status() == 401);
    CHECK(copy.check("/", {}, "GET", "status").status() == 401);
    // Whoever signs in again at once is led there.
    const auto again = here.host.follow(here.host.check("/").location());
    CHECK(again.location().starts_with("https://idp.example/gateway/sign-in?way="));
}

TEST_CASE("whoever is signed in already comes to a second application without a page") {
    signed_in_host here;
    application_host other(here.idp, postfach);
    const auto back = other.sign_in("/");
    CHECK(back.location() == "https://post.example.org/");
    CHECK(other.check("/").header("Remote-Groups") == "groupware.postfach");
}

TEST_CASE("a decision is made from memory for some seconds, and by the store's word after") {
    signed_in_host here;
    CHECK(here.host.check("/").status() == 200);
    const auto reads = here.idp.parts().memory.statistics().reads;
    for (int i = 0; i < 40; ++i)
        CHECK(here.host.check("/bild/" + std::to_string(i)).status() == 200);
    CHECK(here.idp.parts().memory.statistics().reads == reads);
    here.idp.time.turn(6s);
    CHECK(here.host.check("/").status() == 200);
    CHECK(here.idp.parts().memory.statistics().reads > reads);
}

TEST_CASE("an access token for the application lets a program through, any other does not") {
    test_idp idp;
    open_gateways(idp);
    idp.change_registry([](policies::registry& all) {
        auto& clients = all.applications.at(application_key("groupware")).clients;
        clients.front().audiences = {"groupware"};
    });
    application_host api(idp, postfach);
    application_host other(idp, akten);
    const auto token = idp.tokens("groupware-web").text("access_token");
    const fields bearer{{"authorization", "Bearer " + token}};

    const auto let = api.check("/api/post", bearer, "POST");
    CHECK(let.status() == 200);
    CHECK(let.header("Remote-User") == "anna.noack@amt-lebus.example");
    const auto not_there = other.check("/api", bearer);
    CHECK(not_there.status() == 401);
    CHECK(not_there.header("WWW-Authenticate") == R"(Bearer error="invalid_token")");
    for (const auto* wrong : {"Bearer x.y.z", "Bearer ", "Bearer a b", "bearer"}) {
        CAPTURE(wrong);
        CHECK(api.check("/api/post", {{"authorization", wrong}}).status() != 200);
    }
    // What is none of ours is the application's own: the sign-in is asked for as usual.
    CHECK(api.check("/", {{"authorization", "Basic YTpi"}}).status() == 302);
}

TEST_CASE("a CORS preflight passes where the entry says so, and only that") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    const fields preflight{{"origin", "https://portal.example"},
                           {"access-control-request-method", "PUT"}};
    CHECK(host.check("/api", preflight, "OPTIONS").status() == 401);
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("dms")).gateway.pass_preflight = true;
    });
    CHECK(host.check("/api", preflight, "OPTIONS").status() == 200);
    CHECK(host.check("/api", {}, "OPTIONS").status() == 401);
    for (const auto* unclear : {"/api%2f..", "/api/%2e%2e/x", "/api/..;/x"}) {
        CAPTURE(unclear);
        CHECK(host.check(unclear, preflight, "OPTIONS").status() != 200);
    }
    CHECK(host.check("/api", preflight, "DELETE").status() == 401);
}
