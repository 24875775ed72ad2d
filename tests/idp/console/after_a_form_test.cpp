// What comes after a form of the console: a page of its own, which can be gone back to and asked
// for again, but for what is shown once.
#include "idp/console/console_endpoint.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/store/audit_log.hpp"
#include "tests/idp/console/at_console.hpp"

using namespace kommpass;
using namespace kommpass::tests;

TEST_CASE("a new secret and a new invitation are shown once, after the form, and in no address") {
    at_console scene("dikom", {"zentraladmin"});
    scene.idp.change_registry(
        [](policies::registry& all) { all.members.at(member_slug("lebus")).active = false; });
    const auto raw = [&](const std::string& path, fields form) {
        form.emplace_back("csrf", scene.csrf);
        return scene.idp.send(scene.idp.as_post("/console" + path, form));
    };
    const struct {
        std::string form, page, elsewhere;
        fields typed;
        std::string before, after;  // around what is secret
    } ways[] = {
        {"/applications/groupware/clients/groupware-web",
         "/applications/groupware/clients/groupware-web",
         "/members/lebus/invitation",
         {{"action", "secret"}},
         "<p class=\"kern-body kp-code\">",
         "<"},
        {"/members/lebus/invitation",
         "/members/lebus/invitation",
         "/applications/groupware/clients/groupware-web",
         {},
         "id=\"link\" rows=\"4\" readonly>",
         "<"},
    };
    for (const auto& way : ways) {
        CAPTURE(way.form);
        const auto secret_on = [&](const answer& page) {
            const auto begin = page.body().find(way.before);
            if (begin == std::string::npos) return std::string();
            const auto from = begin + way.before.size();
            return page.body().substr(from, page.body().find(way.after, from) - from);
        };
        const auto made = raw(way.form, way.typed);
        REQUIRE(made.status() == 303);
        CHECK(made.location() == "/console" + way.page);
        CHECK(secret_on(scene.get(way.elsewhere)).empty());
        const auto cookie = scene.idp.cookies()["__Host-kommpass-once"];
        REQUIRE_FALSE(cookie.empty());
        const auto secret = secret_on(scene.get(way.page));
        REQUIRE(secret.size() > 20);
        CHECK(cookie.find(secret) == std::string::npos);
        CHECK(secret_on(scene.get(way.page)).empty());

        // Attack: the cookie was copied. It is good for a minute, and for this session.
        scene.idp.cookies()["__Host-kommpass-once"] = cookie;
        scene.idp.time.turn(std::chrono::seconds(61));
        CHECK(secret_on(scene.get(way.page)).empty());
        (void)raw(way.form, way.typed);
        const auto mine = scene.idp.cookies().at("__Host-kommpass-once");
        scene.enter("dikom");
        scene.idp.cookies()["__Host-kommpass-once"] = mine;
        CHECK(secret_on(scene.get(way.page)).empty());
    }
}

TEST_CASE(
    "a form that only asks, or ends a job, is answered with a page that can be gone back to") {
    at_console scene("dikom", {"zentraladmin", "pruefung"});
    const auto raw = [&](const std::string& path, fields form) {
        form.emplace_back("csrf", scene.csrf);
        return scene.idp.send(scene.idp.as_post("/console" + path, form));
    };
    const fields search{{"purpose", "Az. 21/2026"}, {"event", "sign_in.success"}};
    const auto asked = raw("/audit", search);
    REQUIRE(asked.status() == 303);
    CHECK(asked.location().find("Az.") == std::string::npos);
    for (int looked = 0; looked < 2; ++looked) {
        const auto page = scene.idp.follow(asked);
        CHECK(page.status() == 200);
        CHECK(page.shows("sign_in.success"));
        CHECK(page.shows("value=\"Az. 21/2026\""));
    }
    CHECK(scene.get("/audit?carried=erfunden").status() == 200);
    CHECK_FALSE(scene.get("/audit?carried=erfunden").shows("sign_in.success"));

    const auto begun = raw("/roles", {{"member", "lebus"}});
    REQUIRE(begun.location().starts_with("/console/jobs/"));
    const auto ended = raw("/jobs/cancel", {{"job", begun.location().substr(14)}});
    CHECK(ended.location() == "/console?done=cancelled");
    CHECK(scene.get("?done=cancelled").shows("abgebrochen"));
}

TEST_CASE("who must say why first says it on a page of its own, and goes on from there") {
    at_console scene("dikom", {"pruefung"});
    CHECK(scene.get("").shows("name=\"purpose\""));
    const auto raw = [&](const std::string& path, fields form) {
        form.emplace_back("csrf", scene.csrf);
        return scene.idp.send(scene.idp.as_post("/console" + path, form));
    };
    CHECK(raw("/audit", {{"purpose", "gleich"}}).location() == "/console/purpose");
    const auto refused = raw("/purpose", {{"purpose", ""}});
    CHECK(refused.status() == 303);
    CHECK(scene.idp.follow(refused).shows("id=\"problem\""));
    CHECK(raw("/purpose", {{"purpose", "Az. 21/2026"}}).location() == "/console");
    CHECK_FALSE(scene.get("").shows("name=\"purpose\""));
    CHECK(scene.get("/purpose").location() == "/console");
}

TEST_CASE(
    "every form of the console is answered with a redirect, and refused on the page behind it") {
    for (const auto* role : {"zentraladmin", "helpdesk"}) {
        at_console scene(role == std::string_view("helpdesk") ? "lebus" : "dikom", {role});
        for (const auto& one : idp::console::addresses()) {
            if (one.method != idp::http::method::post) continue;
            std::string path = "/console/" + std::string(one.pattern);
            for (auto at = path.find('*'); at != std::string::npos; at = path.find('*'))
                path.replace(at, 1, "nirgends");
            CAPTURE(path);
            const fields wrong[] = {{{"csrf", scene.csrf}, {"action", "end"}, {"id", "nirgends"}},
                                    {{"csrf", "erfunden"}, {"why", "Probe"}},
                                    {}};
            for (const auto& form : wrong) {
                const auto sent = scene.idp.send(scene.idp.as_post(path, form));
                CHECK(sent.status() == 303);
                // Nothing of why it was refused stands in the address.
                CHECK(sent.location().find("not_found") == std::string::npos);
                const auto page = scene.idp.follow(sent);
                const bool is_done =
                    page.status() == 303 && page.location().starts_with("/console");
                CHECK((page.status() == 200 || page.status() >= 400 || is_done));
                CHECK(page.status() < 500);
            }
            auto no_form = scene.idp.as_post(path, {});
            no_form.body = "\xff=%zz";
            CHECK(scene.idp.send(std::move(no_form)).status() == 303);
        }
    }
}

TEST_CASE("what is refused without a page of its own is told on one at the form's address") {
    at_console scene("lebus", {"mandantenadmin"});
    const auto sent = scene.idp.send(
        scene.idp.as_post("/console/members/cottbus/directory-test", {{"csrf", scene.csrf}}));
    REQUIRE(sent.status() == 303);
    CHECK(sent.location().starts_with("/console/members/cottbus/directory-test?carried="));
    for (int looked = 0; looked < 2; ++looked) {
        const auto page = scene.idp.follow(sent);
        CHECK(page.status() == 404);
        CHECK(page.shows("id=\"problem\""));
    }
}

TEST_CASE("the token for an application's operator is shown once, and in no address") {
    at_console scene("dikom", {"zentraladmin"});
    const std::string path = "/console/applications/groupware/registration-token";
    const auto sent = scene.idp.send(scene.idp.as_post(path, {{"csrf", scene.csrf}}));
    REQUIRE(sent.status() == 303);
    CHECK(sent.location() == path);
    const auto token_on = [&](const answer& page) {
        const std::string before = "id=\"token\" rows=\"5\" readonly>";
        const auto begin = page.body().find(before);
        if (begin == std::string::npos) return std::string();
        const auto from = begin + before.size();
        return page.body().substr(from, page.body().find('<', from) - from);
    };
    const auto shown = scene.get("/applications/groupware/registration-token");
    CHECK(shown.status() == 200);
    CHECK(token_on(shown).size() > 20);
    const auto again = scene.get("/applications/groupware/registration-token");
    CHECK(again.location() == "/console/applications/groupware");
}
