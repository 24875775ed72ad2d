// Forms of the console. What a client's form shows is what it saves, whatever group it stands in;
// what comes after a form is a page of its own, which can be gone back to and asked for again, but
// for what is shown once.
#include "idp/console/console_endpoint.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "tests/idp/console/at_console.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using namespace std::chrono_literals;

namespace {

constexpr auto groupware_web = "/applications/groupware/clients/groupware-web";

std::string unescaped(std::string text) {
    const std::pair<std::string, std::string> marks[] = {
        {"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    for (const auto& [mark, meant] : marks) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
            text.replace(at, mark.size(), meant);
    }
    return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
    const auto from = tag.find(" " + name + "=\"");
    if (from == std::string::npos) return {};
    const auto begin = from + name.size() + 3;
    return unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

// What a browser would send of the first form on the page, but for its buttons.
fields filled_form(const std::string& body) {
    fields all;
    const auto end = body.find("</form>", body.find("id=\"registration\""));
    for (auto at = body.find('<', body.find("<form", body.find("id=\"registration\""))); at < end;
         at = body.find('<', at + 1)) {
        const auto tag = body.substr(at, body.find('>', at) - at);
        const auto name = attribute(tag, "name");
        const auto content = body.find('>', at) + 1;
        if (tag.starts_with("<input")) {
            const bool is_box = tag.find("type=\"checkbox\"") != std::string::npos;
            const bool is_on = tag.ends_with(" checked");
            if ((!is_box || is_on) && name != "csrf")
                all.emplace_back(name, attribute(tag, "value"));
        } else if (tag.starts_with("<textarea")) {
            all.emplace_back(
                name, unescaped(body.substr(content, body.find("</textarea>", at) - content)));
        } else if (tag.starts_with("<select")) {
            const auto options = body.substr(content, body.find("</select>", at) - content);
            const auto chosen = options.find(" selected");
            const auto from = options.rfind("<option", chosen);
            all.emplace_back(name, chosen == std::string::npos
                                       ? std::string()
                                       : attribute(options.substr(from, chosen - from), "value"));
        }
    }
    return all;
}

void set(fields& form, const std::string& name, const std::string& value) {
    const auto found =
        std::find_if(form.begin(), form.end(), [&](const auto& one) { return one.first == name; });
    if (found == form.end())
        form.emplace_back(name, value);
    else
        found->second = value;
}

struct client_form {
    at_console console{"dikom", {"zentraladmin"}};
    client_form() {
        console.idp.change_registry([](policies::registry& all) {
            auto& one = all.applications.at(application_key("groupware")).clients.at(0);
            one.jwks = R"({"keys":[{"kty":"EC","crv":"P-256","kid":"1 & 2"}]})";
            one.request_object_alg = signing_algorithm::ps256;
            one.request_uris = {"https://groupware-web.example/r#1"};
            one.response_modes = {"query", "jwt"};
            one.default_max_age = 600s;
            one.default_acr_values = {"urn:kommpass:acr:password", "gold"};
            one.require_auth_time = true;
            one.policy_uri = "https://groupware-web.example/datenschutz?a=1&b=2";
            one.access_token_lifetime = 120s;
            one.userinfo_alg = signing_algorithm::es256;
            one.logout_token_typ = policies::logout_token_typ::jwt;
        });
    }
    fields shown() {
        auto form = filled_form(console.get(groupware_web).body());
        set(form, "action", "save");
        set(form, "why", "Probe");
        return form;
    }
    answer save(const fields& form) { return console.post(groupware_web, form); }
    policies::client stored() {
        return console.idp.parts()
            .registry.get()
            ->documents()
            .applications.at(application_key("groupware"))
            .clients.at(0);
    }
};

}  // namespace

TEST_CASE("a form that is saved as it was shown changes nothing") {
    client_form scene;
    const auto before = scene.stored();
    const auto form = scene.shown();
    REQUIRE(form.size() > 40);
    CHECK(scene.save(form).status() == 303);
    CHECK(scene.stored() == before);
}

TEST_CASE("each group of the form is saved, in the words of the registry") {
    client_form scene;
    auto form = scene.shown();
    set(form, "require_pushed", "yes");
    set(form, "request_uris",
        "https://groupware-web.example/r#2\r\nhttps://groupware-web.example/s");
    set(form, "response_modes", "");
    set(form, "default_max_age", "");
    set(form, "default_acr_values", "gold");
    set(form, "tos_uri", "https://groupware-web.example/nutzung");
    set(form, "access_token_lifetime", "300");
    set(form, "userinfo_alg", "");
    set(form, "id_token_alg", "PS256");
    CHECK(scene.save(form).status() == 303);
    const auto one = scene.stored();
    CHECK(one.require_pushed_authorization_requests);
    CHECK(one.request_uris == std::vector<std::string>{"https://groupware-web.example/r#2",
                                                       "https://groupware-web.example/s"});
    CHECK(one.response_modes.empty());
    CHECK_FALSE(one.default_max_age.has_value());
    CHECK(one.default_acr_values == std::vector<std::string>{"gold"});
    CHECK(one.tos_uri == "https://groupware-web.example/nutzung");
    CHECK(one.access_token_lifetime == 300s);
    CHECK_FALSE(one.userinfo_alg.has_value());
    CHECK(one.id_token_alg == signing_algorithm::ps256);
    CHECK(one.require_auth_time);
}

TEST_CASE("what cannot be read is refused by name, and nothing of the form is saved") {
    client_form scene;
    const auto before = scene.stored();
    for (const auto* wrong : {"bald", "-1", "1e3", "600s", "9999999999", "99999999999999999999"}) {
        CAPTURE(wrong);
        auto form = scene.shown();
        set(form, "access_token_lifetime", wrong);
        set(form, "purpose", "anders");
        const auto page = scene.save(form).status();
        CHECK(page != 500);
        CHECK(scene.stored() == before);
    }
}

TEST_CASE("a form from before these groups leaves what stands in them") {
    client_form scene;
    const auto before = scene.stored();
    auto form = scene.shown();
    for (const auto* name : {"details", "require_pkce", "request_uris", "default_max_age",
                             "id_token_alg", "grant_types", "logout_token_typ"})
        std::erase_if(form, [&](const auto& one) { return one.first == name; });
    CHECK(scene.save(form).status() == 303);
    CHECK(scene.stored() == before);
}

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
