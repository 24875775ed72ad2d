// What applications hear when a session ends (OpenID Connect Back-Channel Logout 1.0).
#include "idp/oauth/back_channel_logout.hpp"
#include "idp/http/response.hpp"

#include "idp/jose/key_ring.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/sessions/access_ended.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
namespace oauth = kommpass::idp::oauth;
namespace outgoing = kommpass::idp::outgoing;
namespace store = kommpass::idp::store;
namespace tasks = kommpass::idp::tasks;
using boost::asio::awaitable;

namespace {

using post_answer = result<outgoing::called, outgoing::call_failure>;

policies::client& client_of(policies::registry& all, const std::string& application,
                            const std::string& id) {
    auto& clients = all.applications.at(application_key(application)).clients;
    return *std::find_if(clients.begin(), clients.end(),
                         [&](const auto& one) { return one.id.view() == id; });
}

class world {
public:
    world() {
        idp.change_registry([](policies::registry& all) {
            client_of(all, "groupware", "groupware-web").backchannel_logout_uri =
                "https://groupware-web.example/logout";
            auto& dms = client_of(all, "dms", "dms-web");
            dms.consent = false;
            dms.backchannel_logout_uri = "https://dms.example/back?channel=1";
        });
    }

    std::vector<store::outbox_entry> waiting(std::string_view topic) {
        std::vector<store::outbox_entry> all;
        REQUIRE(idp.parts().memory.read_now(
            [&](store::transaction& t) { all = t.outbox().due(topic, idp.time.now(), 100); }));
        return all;
    }

    // One attempt at every entry that is due, as the outbox makes it.
    std::vector<tasks::delivery> deliver(std::string_view topic, const tasks::receiver& receive) {
        std::vector<tasks::delivery> all;
        for (const auto& entry : waiting(topic)) {
            boost::asio::io_context io;
            boost::asio::co_spawn(io, receive(entry),
                                  [&](std::exception_ptr thrown, tasks::delivery said) {
                                      REQUIRE_FALSE(thrown);
                                      all.push_back(std::move(said));
                                  });
            io.run();
            REQUIRE(idp.parts().memory.write_now(
                [&](store::transaction& t) { t.outbox().delivered(entry.sequence); }));
        }
        return all;
    }

    // Both steps; what was posted is kept.
    std::vector<tasks::delivery> tell() {
        deliver(idp::sessions::access_ended_topic, oauth::hand_on_ends(parts()));
        auto post = [this](outgoing::call what) -> awaitable<post_answer> {
            posted.push_back(std::move(what));
            co_return answer;
        };
        return deliver(oauth::back_channel_logout_topic, oauth::tell_client(parts(), post));
    }

    oauth::back_channel_parts parts() {
        const auto& p = idp.parts();
        return {p.settings.issuer, p.memory, p.registry, p.keys, p.random, p.time};
    }

    void sign_out() {
        const auto page = idp.get("/end-session");
        idp.post("/sign-out", {{"transaction", page.hidden("transaction")},
                               {"csrf", page.hidden("csrf")},
                               {"action", "sign-out"}});
    }

    test_idp idp;
    std::vector<outgoing::call> posted;
    post_answer answer = outgoing::called{204};
};

// The claims of the token in a form that was posted, and nothing else in the form.
boost::json::object token_in(world& w, const outgoing::call& call) {
    const std::string name = "logout_token=";
    REQUIRE(call.form.starts_with(name));
    const auto token = call.form.substr(name.size());
    CHECK(token.find_first_of("&=%+ ") == std::string::npos);
    const auto payload = w.idp.parts().keys.get()->verify_own(token, "logout+jwt");
    REQUIRE(payload);
    return boost::json::parse(*payload).as_object();
}

}  // namespace

TEST_CASE("each application of the session is told with the sub and sid of its own ID token") {
    world w;
    const auto groupware =
        w.idp.redeem("groupware-web", w.idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"));
    const auto dms = w.idp.redeem("dms-web", w.idp.authorize("dms-web"));

    w.sign_out();
    const auto said = w.tell();

    CHECK(said.size() == 2);
    for (const auto& one : said) CHECK(std::holds_alternative<tasks::delivered>(one));
    REQUIRE(w.posted.size() == 2);
    for (const auto& call : w.posted) {
        const bool to_dms = call.uri == "https://dms.example/back?channel=1";
        if (!to_dms) CHECK(call.uri == "https://groupware-web.example/logout");
        const auto id_token = test_idp::payload((to_dms ? dms : groupware).text("id_token"));
        const auto claims = token_in(w, call);
        for (const auto* name : {"iss", "sub", "aud", "sid"})
            CHECK(claims.at(name) == id_token.at(name));
        CHECK(claims.at("events") ==
              boost::json::object{
                  {"http://schemas.openid.net/event/backchannel-logout", boost::json::object{}}});
        CHECK(claims.at("iat").as_int64() == to_unix_seconds(w.idp.time.now()));
        CHECK(claims.at("exp").as_int64() == claims.at("iat").as_int64() + 120);
        CHECK_FALSE(claims.at("jti").as_string().empty());
        CHECK_FALSE(claims.contains("nonce"));
    }
}

TEST_CASE("a client without an address, or that is gone by then, hears nothing") {
    world w;
    w.idp.redeem("groupware-web", w.idp.sign_in("groupware-web", "anna.noack", "Spreewald-7"));
    w.idp.redeem("dms-web", w.idp.authorize("dms-web"));
    w.sign_out();
    w.deliver(idp::sessions::access_ended_topic, oauth::hand_on_ends(w.parts()));
    w.idp.change_registry([](policies::registry& all) {
        client_of(all, "groupware", "groupware-web").backchannel_logout_uri.clear();
    });

    const auto said = w.tell();

    CHECK(said.size() == 2);
    for (const auto& one : said) CHECK(std::holds_alternative<tasks::delivered>(one));
    REQUIRE(w.posted.size() == 1);
    CHECK(w.posted[0].uri == "https://dms.example/back?channel=1");
}

TEST_CASE("an application's answer decides: 2xx arrived, 400 is its last word, the rest again") {
    struct row {
        post_answer answer;
        std::size_t outcome;  // of tasks::delivery: delivered, again, never
    };
    const row rows[] = {{outgoing::called{200}, 0},
                        {outgoing::called{204}, 0},
                        {outgoing::called{400}, 2},
                        {outgoing::called{302}, 1},
                        {outgoing::called{404}, 1},
                        {outgoing::called{503, std::chrono::seconds(30)}, 1},
                        {outgoing::call_failure{false, "dms.example: timed out"}, 1},
                        {outgoing::call_failure{true, "dms.example is a loopback address"}, 2}};
    for (const auto& one : rows) {
        world w;
        w.idp.redeem("dms-web", w.idp.sign_in("dms-web", "anna.noack", "Spreewald-7"));
        w.sign_out();
        w.answer = one.answer;

        const auto said = w.tell();

        REQUIRE(said.size() == 1);
        CHECK(said[0].index() == one.outcome);
        if (const auto* later = std::get_if<tasks::again>(&said[0])) {
            CHECK_FALSE(later->error.empty());
            if (one.answer && one.answer->retry_after.count() > 0)
                CHECK(*later->not_before == w.idp.time.now() + std::chrono::seconds(30));
        }
    }
}

TEST_CASE("however many sessions end at once, every client hears of each") {
    world w;
    w.idp.tokens("groupware-web");
    constexpr int sessions = 700;
    REQUIRE(w.idp.parts().memory.write_now([&](store::transaction& t) {
        store::session one;
        one.person = person_id("P-many");
        one.member = member_slug("lebus");
        for (int i = 0; i < sessions; ++i) {
            one.id = "S-" + std::to_string(i);
            one.secret_hash = "hash of " + one.id;
            t.sessions().put(one);
            t.sessions().add_client(one.id, client_id("groupware-web"));
            t.sessions().add_client(one.id, client_id("dms-web"));
        }
        store::audit_record record;
        record.at = w.idp.time.now();
        record.result = "leaver";
        idp::sessions::end_all_access(t, one.person, one.member, record);
    }));

    // Lanes keep their order: one entry of each at a time.
    while (!w.waiting(idp::sessions::access_ended_topic).empty())
        w.deliver(idp::sessions::access_ended_topic, oauth::hand_on_ends(w.parts()));
    while (!w.waiting(oauth::back_channel_logout_topic).empty()) w.tell();

    CHECK(w.posted.size() == 2 * sessions);
}

TEST_CASE("discovery says that sessions end by the back channel") {
    test_idp idp;
    const auto answer = idp.get("/.well-known/openid-configuration");
    const auto said = boost::json::parse(*answer.raw->fixed_body).as_object();
    CHECK(said.at("backchannel_logout_supported") == true);
    CHECK(said.at("backchannel_logout_session_supported") == true);
}

TEST_CASE("an address for sign-outs is https, with nothing that a URI cannot have") {
    for (const auto* bad : {"http://dms.example/x", "http://localhost/x", "https://", "dms.example",
                            "https://dms.example/#x", "https://a:b@dms.example/", "app.dms:/x"}) {
        CAPTURE(bad);
        auto all = test_registry();
        client_of(all, "dms", "dms-web").backchannel_logout_uri = bad;
        CHECK_FALSE(policies::compile(std::move(all), 1).has_value());
    }
    auto all = test_registry();
    client_of(all, "dms", "dms-web").backchannel_logout_uri = "https://dms.example/oidc?logout=1";
    CHECK(policies::compile(std::move(all), 1).has_value());
}
