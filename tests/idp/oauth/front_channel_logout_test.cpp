// OpenID Connect Front-Channel Logout 1.0, and `sid` (module
// oidcc-frontchannel-rp-initiated-logout).
#include "idp/oauth/front_channel_logout.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/logout_token.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
namespace oauth = kommpass::idp::oauth;

namespace {

constexpr auto signed_out_uri = "https://groupware-web.example/signed-out";

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
            auto& web = client_of(all, "groupware", "groupware-web");
            web.backchannel_logout_uri.clear();
            web.frontchannel_logout_uri = "https://groupware-web.example/front?x=1";
            auto& dms = client_of(all, "dms", "dms-web");
            dms.consent = false;
            dms.frontchannel_logout_uri = "https://dms-web.example/front";
        });
    }
    answer tokens_at_both() {
        const auto web = idp.tokens("groupware-web");
        sid = std::string(test_idp::payload(web.text("id_token")).at("sid").as_string());
        idp.redeem("dms-web", idp.authorize("dms-web"));
        return web;
    }
    void check_page(const answer& page) {
        CHECK(page.status() == 200);
        CHECK(
            page.shows("https://groupware-web.example/front?x=1&amp;iss=https%3A%2F%2Fidp.example"
                       "&amp;sid=" +
                       sid));
        CHECK(page.shows("https://dms-web.example/front?iss=https%3A%2F%2Fidp.example&amp;sid=" +
                         sid));
        CHECK(page.raw->frame_sources == "https://dms-web.example https://groupware-web.example");
        CHECK(page.shows("Dokumente"));
        CHECK(page.shows("lässt sich von hier aus nicht feststellen"));
        CHECK_FALSE(page.shows("<script"));
    }

    test_idp idp;
    std::string sid;
};

bool is_signed_in(test_idp& idp) {
    return !idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("code").empty();
}

}  // namespace

TEST_CASE("oidcc-frontchannel-rp-initiated-logout: a frame for each client, then on with state") {
    scene s;
    const auto hint = s.tokens_at_both().text("id_token");
    const std::string state(128, 's');
    const auto page = s.idp.get(
        "/end-session",
        {{"id_token_hint", hint}, {"post_logout_redirect_uri", signed_out_uri}, {"state", state}});
    s.check_page(page);
    CHECK(page.header("Refresh") == "3;url=" + std::string(signed_out_uri) + "?state=" + state);
    CHECK(page.shows("href=\"" + std::string(signed_out_uri) + "?state=" + state));
    CHECK(s.idp.authorize("groupware-web", {{"prompt", "none"}}).redirected("error") ==
          "login_required");
}

TEST_CASE("whoever answers the question first sees the same page, and a reload of it") {
    scene s;
    s.tokens_at_both();
    const auto asked = s.idp.get("/end-session", {{"client_id", "groupware-web"},
                                                  {"post_logout_redirect_uri", signed_out_uri}});
    const auto redirect =
        s.idp.send(s.idp.as_post("/sign-out", {{"transaction", asked.hidden("transaction")},
                                               {"csrf", asked.hidden("csrf")},
                                               {"action", "sign-out"}}));
    REQUIRE(redirect.status() == 303);
    const auto page = s.idp.follow(redirect);
    CHECK(page.raw->frame_sources.find("https://dms-web.example") != std::string::npos);
    CHECK_FALSE(is_signed_in(s.idp));
}

TEST_CASE("a session without such a client ends as before, and an address that came later counts") {
    test_idp idp;
    const auto hint = idp.tokens("groupware-web").text("id_token");
    const auto plain = idp.get(
        "/end-session", {{"id_token_hint", hint}, {"post_logout_redirect_uri", signed_out_uri}});
    CHECK(plain.status() == 303);
    CHECK(plain.location() == signed_out_uri);
}

TEST_CASE("a refused address is said on the page that tells the applications") {
    scene s;
    const auto hint = s.tokens_at_both().text("id_token");
    const auto page =
        s.idp.get("/end-session",
                  {{"id_token_hint", hint}, {"post_logout_redirect_uri", "https://evil.example/"}});
    s.check_page(page);
    CHECK(page.header("Refresh").empty());
    CHECK(page.shows("nicht eingetragen"));
}

TEST_CASE("sid stands in ID tokens of clients that hear of sign-outs, and in no other") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        client_of(all, "groupware", "groupware-post").frontchannel_logout_uri =
            "https://groupware-post.example/front";
    });
    const auto sid_of = [&](const std::string& client) {
        const auto tokens = idp.redeem(client, idp.authorize(client));
        return test_idp::payload(tokens.text("id_token")).contains("sid");
    };
    idp.tokens("groupware-web");
    CHECK(sid_of("groupware-web"));   // back-channel
    CHECK(sid_of("groupware-post"));  // front-channel
    CHECK_FALSE(sid_of("groupware-old"));
}

TEST_CASE("a hint without sid signs out its own person at once, and asks anybody else") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) {
        client_of(all, "groupware", "groupware-web").backchannel_logout_uri.clear();
    });
    const auto hint = idp.tokens("groupware-web").text("id_token");
    REQUIRE_FALSE(test_idp::payload(hint).contains("sid"));
    idp.forget_cookies();
    const auto page = idp.authorize("groupware-web");
    (void)idp.fill_in(page, "jan.kowal@cottbus.example", "Chosebuz-8", "cottbus");
    const auto asked = idp.get("/end-session", {{"id_token_hint", hint}});
    CHECK_FALSE(asked.hidden("csrf").empty());
    CHECK(is_signed_in(idp));

    idp.forget_cookies();
    idp.tokens("groupware-web");
    const auto done = idp.get("/end-session", {{"id_token_hint", hint}});
    CHECK(done.hidden("csrf").empty());
    CHECK_FALSE(is_signed_in(idp));
}

TEST_CASE("whom a page tells is read back as it was written") {
    const oauth::front_channel_round round{"s1", {client_id("dms-web"), client_id("meso-web")}};
    const auto again = oauth::front_channel_round::read("s1", round.clients_text());
    CHECK(again.clients == round.clients);
    CHECK(again.session == "s1");
    CHECK(oauth::front_channel_round::read("s1", "").empty());
    CHECK(oauth::front_channel_round::read("s1", "  ").empty());
}

TEST_CASE("a receiver from before logout+jwt gets the typ that it knows") {
    test_idp idp;
    policies::client old;
    old.id = client_id("dms-web");
    const auto keys = idp.parts().keys.get();
    system_randomness random;
    const auto typ = [&] {
        return test_idp::header_of(oauth::logout_token("https://idp.example", old, "sub", "sid",
                                                       *keys, random, idp.time.now()))
            .at("typ");
    };
    CHECK(typ() == "logout+jwt");
    old.logout_token_typ = policies::logout_token_typ::jwt;
    CHECK(typ() == "JWT");
    // And it is no ID token, though it looks like one by its type.
    const auto token = oauth::logout_token("https://idp.example", old, "sub", "sid", *keys, random,
                                           idp.time.now());
    idp.tokens("groupware-web");
    CHECK_FALSE(idp.get("/end-session", {{"id_token_hint", token}}).hidden("csrf").empty());
}
