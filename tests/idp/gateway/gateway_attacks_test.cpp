// What an enemy does to the gateway: with a browser of their own, with what they saw of another's,
// and in front of the proxy.
#include "idp/http/response.hpp"
#include "policies/registry.hpp"
#include "tests/idp/gateway/application_host.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

bool is_in(const answer& got) { return got.status() >= 200 && got.status() < 300; }

}  // namespace

TEST_CASE("whoever does not say what is asked for gets nothing") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    const auto cookie = [&] {
        std::string all;
        for (const auto& [name, value] : host.cookies) all += name + "=" + value + "; ";
        return all;
    }();
    const fields whole{{"x-forwarded-proto", "https"},
                       {"x-forwarded-host", akten},
                       {"x-forwarded-uri", "/"},
                       {"x-forwarded-method", "GET"},
                       {"cookie", cookie}};
    REQUIRE(idp.call_get("/gateway/check", whole).status() == 200);
    for (std::size_t missing = 0; missing < 4; ++missing) {
        auto part = whole;
        part.erase(part.begin() + static_cast<long>(missing));
        CHECK(idp.call_get("/gateway/check", part).status() == 403);
        auto doubled = whole;
        doubled.push_back(whole[missing]);
        CHECK(idp.call_get("/gateway/check", doubled).status() == 403);
    }
    for (const auto* host_name :
         {"", "evil.example", "akten.example.org.", "akten.example.org:8443",
          "akten.example.org, post.example.org", "evil.example/akten.example.org",
          "akten.example.org@evil.example", "*.example.org"}) {
        auto other = whole;
        other[1].second = host_name;
        CAPTURE(host_name);
        CHECK(idp.call_get("/gateway/check", other).status() == 403);
    }
    auto plain = whole;
    plain[0].second = "http";
    CHECK(idp.call_get("/gateway/check", plain).status() == 403);
    auto empty = whole;
    empty[2].second = "";
    CHECK(idp.call_get("/gateway/check", empty).status() == 403);
}

TEST_CASE("nobody gets through while the store does not answer") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    idp.time.turn(6s);
    idp.sql("ALTER TABLE session RENAME TO session_away");
    CHECK(host.check("/").status() == 503);
    CHECK(host.check("/", {}, "GET", "status").status() == 503);
}

TEST_CASE("no header of the browser is an identity, and no name of it changes an answer") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    for (const auto* agent : {"GoogleHC/1.0", "kube-probe/1.29", "ELB-HealthChecker/2.0"})
        CHECK(host.check("/", {{"user-agent", agent}}).status() == 302);
    const fields forged{{"remote-user", "kaemmerer@amt-lebus.example"},
                        {"remote-groups", "dms.fachadmin"}};
    CHECK_FALSE(is_in(host.check("/", forged)));
    host.sign_in("/");
    const auto let = host.check("/", forged);
    CHECK(let.header("Remote-User") == "anna.noack@amt-lebus.example");
    CHECK(let.header("Remote-Groups") == "dms.bearbeiten,dms.lesen");
    CHECK_FALSE(is_in(host.check("/admin/", forged)));
}

TEST_CASE("no spelling of a path gets around its rule") {
    test_idp idp;
    open_gateways(idp);
    application_host stranger(idp, akten);
    for (const auto* closed :
         {"/admin?x=/public/", "/admin#/public/", "/admin%23/public/", "/public/../admin",
          "/public/%2e%2e/admin", "/public/..;/admin", "/public%2f..%2fadmin", "/PUBLIC/x",
          "//public/x", "/public//x", "/public/x;a=b", "/public\\x", "/public/x%00", "*"}) {
        CAPTURE(closed);
        CHECK_FALSE(is_in(stranger.check(closed)));
        CHECK(stranger.check(closed, {}, "GET", "status").status() == 401);
    }
    application_host host(idp, akten);
    host.sign_in("/");
    for (const auto* guarded :
         {"/admin", "/admin/", "/ADMIN/x", "//admin/x", "/x/../admin/", "/%61dmin/x", "/admin;a/x",
          "/admin./x", "/%2561dmin/x", "/admin%2fx", "/./admin/x", "/x\\..\\admin"}) {
        CAPTURE(guarded);
        CHECK_FALSE(is_in(host.check(guarded)));
        CHECK(host.check(guarded, {}, "GET", "status").status() == 403);
    }
}

TEST_CASE("a code is worth nothing in another browser, at another host, twice, or late") {
    test_idp idp;
    open_gateways(idp);
    application_host victim(idp, akten);
    const auto address = victim.way_back(victim.check("/akte/7"));
    REQUIRE(address.starts_with("https://akten.example.org/.kommpass/callback?code="));
    const auto callback = address.substr(std::string("https://akten.example.org").size());

    SUBCASE("in another browser, which began a sign-in of its own") {
        application_host thief(idp, akten);
        thief.follow(thief.check("/").location());
        const auto got = thief.handed(callback);
        CHECK_FALSE(thief.cookies.contains("__Host-kommpass-gateway"));
        CHECK(got.location().starts_with("https://akten.example.org/.kommpass/start?to="));
        // And in the right one it is not good any more: somebody else had it.
        victim.handed(callback);
        CHECK_FALSE(is_in(victim.check("/")));
    }
    SUBCASE("at another host, with the browser's own cookie from there") {
        application_host other(idp, postfach);
        other.cookies = victim.cookies;
        other.handed(callback);
        CHECK_FALSE(other.cookies.contains("__Host-kommpass-gateway"));
    }
    SUBCASE("twice: what it gave ends") {
        victim.handed(callback);
        REQUIRE(victim.check("/").status() == 200);
        application_host thief(idp, akten);
        thief.handed(callback);
        idp.time.turn(6s);
        CHECK_FALSE(is_in(victim.check("/")));
    }
    SUBCASE("late") {
        idp.time.turn(61s);
        victim.handed(callback);
        CHECK_FALSE(victim.cookies.contains("__Host-kommpass-gateway"));
    }
}

TEST_CASE("a sign-in that an enemy prepared signs nobody in as the enemy") {
    test_idp idp;
    open_gateways(idp);
    application_host enemy(idp, akten);
    const auto started = enemy.follow(enemy.check("/").location());
    // The victim opens the enemy's address, and comes back in a browser that did not begin it.
    application_host victim(idp, akten);
    auto page = idp.get("/gateway/sign-in", {{"way", started.redirected("way")}});
    const auto back = idp.follow(idp.fill_in(page, "anna.noack", "Spreewald-7")).location();
    const auto got = victim.follow(back);
    CHECK_FALSE(victim.cookies.contains("__Host-kommpass-gateway"));
    // It begins anew, once, and then says that cookies are missing.
    CHECK(got.location().ends_with("&again=1"));
    victim.cookies.clear();
    const auto again = victim.follow(got.location());
    page = idp.get("/gateway/sign-in", {{"way", again.redirected("way")}});
    victim.cookies.clear();
    const auto end = victim.follow(idp.follow(page).location());
    CHECK(end.location() == "https://idp.example/gateway/sign-in?trouble=cookies");
    CHECK(idp.get("/gateway/sign-in", {{"trouble", "cookies"}}).status() == 403);
}

TEST_CASE("a cookie of one host is nothing at another, nor after its host changed hands") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    application_host other(idp, postfach);
    other.cookies = host.cookies;
    CHECK_FALSE(is_in(other.check("/")));
    idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("dms")).gateway.hosts.clear();
        all.applications.at(application_key("dms")).gateway.rules.clear();
        all.applications.at(application_key("groupware")).gateway.hosts = {akten};
    });
    CHECK_FALSE(is_in(host.check("/")));
    for (const auto* made_up : {"x", "", "AAAA.BBBB"}) {
        host.cookies["__Host-kommpass-gateway"] = made_up;
        CHECK_FALSE(is_in(host.check("/")));
    }
}

TEST_CASE(
    "the central session's cookie is nothing at an application's host, and does not get there") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    for (const auto& [name, value] : host.cookies) {
        CHECK(name.starts_with("__Host-kommpass-gateway"));
        for (const auto& [own, secret] : idp.cookies()) {
            // The short ones (a language) are no secret.
            if (secret.size() > 16) CHECK(value.find(secret) == std::string::npos);
        }
    }
    application_host other(idp, akten);
    other.cookies = idp.cookies();
    CHECK_FALSE(is_in(other.check("/")));
    idp.forget_cookies();
    idp.cookies() = host.cookies;
    CHECK_FALSE(idp.get("/account").hidden("transaction").empty());
}

TEST_CASE("nothing leads away from the host after a sign-in") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    for (const auto* to :
         {"https://evil.example/", "//evil.example/", "/\\evil.example", "/%09/evil.example",
          "/%0d%0aSet-Cookie:x", "javascript:alert(1)", "@evil.example", ".evil.example",
          "https://akten.example.org@evil.example", ""}) {
        CAPTURE(to);
        application_host browser(idp, akten);
        const auto started = browser.handed("/.kommpass/start?to=" + std::string(to));
        const auto page = idp.get("/gateway/sign-in", {{"way", started.redirected("way")}});
        const auto back = page.location().empty()
                              ? idp.follow(idp.fill_in(page, "anna.noack", "Spreewald-7"))
                              : page;
        const auto end = browser.follow(back.location()).location();
        CHECK(end.starts_with("https://akten.example.org/"));
        CHECK(end.find("Set-Cookie") == std::string::npos);
    }
    // A way that was not made here leads nowhere.
    CHECK(idp.get("/gateway/sign-in", {{"way", "x"}}).status() == 400);
    CHECK(idp.get("/gateway/sign-in").status() == 400);
}

TEST_CASE("forty tabs end where they wanted, with two small cookies") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    std::vector<std::string> begun;
    begun.reserve(40);
    for (int tab = 0; tab < 40; ++tab)
        begun.push_back(
            host.follow(host.check("/akte/" + std::to_string(tab)).location()).location());
    const auto finish = [&](std::size_t tab) {
        const auto mark = begun[tab].find("way=");
        const auto way = begun[tab].substr(mark + 4);
        auto page = idp.get("/gateway/sign-in", {{"way", way}});
        if (page.location().empty())
            page = idp.follow(idp.fill_in(page, "anna.noack", "Spreewald-7"));
        return host.follow(page.location()).location();
    };
    CHECK(finish(2) == "https://akten.example.org/akte/2");
    CHECK(finish(1) == "https://akten.example.org/akte/1");
    // The others find on their way that somebody is signed in by now.
    CHECK(host.follow("https://akten.example.org/.kommpass/start?to=%2Fakte%2F39").location() ==
          "https://akten.example.org/akte/39");
    std::size_t bytes = 0;
    for (const auto& [name, value] : host.cookies) bytes += name.size() + value.size();
    CHECK(host.cookies.size() == 2);
    CHECK(bytes < 2048);
}

TEST_CASE("a sign-in that does not hold is said, and does not go round") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    host.cookies.erase("__Host-kommpass-gateway");
    const auto way = [&] { return host.follow(host.check("/").location()).location(); };
    CHECK(way() == "https://idp.example/gateway/sign-in?trouble=cookies");
    idp.time.turn(6s);
    CHECK(way().starts_with("https://idp.example/gateway/sign-in?way="));
}

TEST_CASE("somebody else's page signs nobody out") {
    test_idp idp;
    open_gateways(idp);
    application_host host(idp, akten);
    host.sign_in("/");
    CHECK(host.handed("/.kommpass/sign-out", {{"sec-fetch-site", "cross-site"}}).status() == 403);
    CHECK(host.check("/").status() == 200);
}
