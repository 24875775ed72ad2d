// Whoever decides sees all that their decision covers: each value of the document behind the digest
// stands on the page, in words.
#include "idp/admin/shown_document.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace kommpass;
using namespace kommpass::tests;
using idp::admin::version_of;

namespace {

const member_slug lebus("lebus");
const member_slug cottbus("cottbus");
const auto first_day = *parse_day("2026-12-01");
const auto last_day = *parse_day("2027-01-31");
const auto asked_day = *parse_day("2026-09-01");
const auto approved_day = *parse_day("2026-09-02");

// The names of two persons, as the directory says them.
constexpr auto whom = "Doreen Schulze";
constexpr auto asker = "Uwe Antragsteller";

class desk {
public:
    test_idp idp;
    person_id person{"P-doreen"};
    person_id asking{"P-uwe"};

    desk() {
        idp.change_registry([](policies::registry& r) { add_administration(r); });
        add_administrator(idp, "dikom", "zentral", {"zentraladmin"});
        put_person("doreen", whom, person);
        put_person("uwe", asker, asking);
        idp.change_registry([&](policies::registry& all) { put_rules(all); }, "Grund der Regel");
        enter();
    }
    void write(const std::function<void(idp::store::transaction&)>& work) {
        REQUIRE(idp.parts().memory.write_now(work).has_value());
    }
    answer page(const std::string& path, const fields& query = {}) {
        const auto got = idp.get("/console" + path, query);
        REQUIRE(got.status() == 200);
        return got;
    }
    const policies::registry& documents() {
        snapshot_ = idp.parts().registry.get();
        return snapshot_->documents();
    }

private:
    void put_person(const std::string& user, const std::string& name, const person_id& id) {
        auto& who = idp.directories.add("lebus", user, "Kennwort").who;
        who.display_name = name;
        const directory_id entry = who.id;
        write([&](idp::store::transaction& t) {
            (void)t.persons().ensure(lebus, entry, id, idp.time.now());
        });
    }
    template <class Document>
    void ask_for(Document& one) const {
        one.state = policies::grant_state::requested;
        one.asked_by = asking.str();
        one.asked_on = asked_day;
    }
    void put_rules(policies::registry& all) const {
        auto& dms = all.applications.at(application_key("dms"));
        dms.roles.front().sensitive = true;
        dms.roles.front().title.de = "Akten lesen";
        dms.roles.front().includes = {role_name("groupware.postfach")};

        policies::mapping rule;
        rule.id = "kennung-der-regel";
        rule.member = lebus;
        rule.group = "cn=GG_Archiv,ou=groups,dc=lebus,dc=example";
        rule.attribute = "department";
        rule.attribute_value = "Amt 33";
        rule.within = "ou=archiv,dc=lebus,dc=example";
        rule.roles = {role_name("dms.lesen")};
        rule.for_members = {cottbus, lebus};
        rule.agreed = {cottbus};
        rule.from = first_day;
        rule.until = last_day;
        rule.note = "Bemerkung zur Regel";
        ask_for(rule);
        all.mappings.emplace(rule.id, rule);
        rule.id = "regel-in-kraft";
        rule.state = policies::grant_state::active;
        rule.agreed.clear();
        rule.approved_by = person.str();
        rule.approved_on = approved_day;
        all.mappings.emplace(rule.id, rule);

        policies::grant given;
        given.id = "kennung-der-vergabe";
        given.member = lebus;
        given.person = person;
        given.role = role_name("dms.lesen");
        given.for_members = {cottbus};
        given.agreed = {cottbus};
        given.reason = "Grund der Vergabe";
        given.deputy_of = asking;
        given.from = first_day;
        given.until = last_day;
        ask_for(given);
        all.grants.emplace(given.id, given);

        auto& pair = all.constraints.at("akten");
        pair.note = "Hinweis zum Paar";
        pair.except = {role_name("dms.bearbeiten")};
        policies::constraint_exception exception;
        exception.id = "kennung-der-ausnahme";
        exception.constraint = "akten";
        exception.member = lebus;
        exception.person = person;
        exception.reason = "Grund der Ausnahme";
        exception.until = last_day;
        ask_for(exception);
        all.exceptions.emplace(exception.id, exception);

        policies::client client;
        client.id = client_id("dms-neu");
        client.purpose = "Zweck des Clients";
        client.authentication = policies::client_authentication::private_key_jwt;
        client.jwks = R"({"keys":[{"kty":"EC","crv":"P-256"}]})";
        client.redirect_uris = {"https://dms-neu.example/callback"};
        client.post_logout_redirect_uris = {"https://dms-neu.example/danach"};
        client.grant_types = {"authorization_code", "client_credentials"};
        client.scopes = {"openid", "phone"};
        client.audiences = {"https://akten.example"};
        client.default_max_age = std::chrono::seconds(4711);
        client.default_acr_values = {"urn:kommpass:acr:second-factor"};
        client.request_uris = {"https://dms-neu.example/anfrage#1"};
        client.userinfo_alg = signing_algorithm::rs256;
        client.sector = "gemeinsam.example";
        ask_for(client);
        dms.clients.push_back(client);
    }
    void enter() {
        idp.forget_cookies();
        const auto issuer = std::string("https://idp.example").size();
        const auto follow = [&](const std::string& address) {
            const auto question = address.find('?');
            const auto query = question == std::string::npos
                                   ? fields{}
                                   : idp::http::form::parse(address.substr(question + 1))->all();
            const auto path = address.substr(0, question);
            return idp.get(path.starts_with("https://") ? path.substr(issuer) : path, query);
        };
        const auto asked = follow(follow("/console").location());
        const auto redirect = idp.fill_in(asked, "zentral", "Verwaltung-1", "dikom");
        REQUIRE(follow(redirect.location()).status() == 303);
    }
    policies::snapshot_ptr snapshot_;
};

// "2026-12-01" as people read it.
std::string as_read(const std::string& value) {
    static const std::map<std::string, std::string> names{
        {"lebus", "Amt Lebus"}, {"cottbus", "Stadt Cottbus"}, {"P-doreen", whom}, {"P-uwe", asker}};
    if (const auto found = names.find(value); found != names.end()) return found->second;
    if (value.size() == 10 && parse_day(value)) {
        return value.substr(8) + "." + value.substr(5, 2) + "." + value.substr(0, 4);
    }
    return value;
}

// All texts of a document with where they stand, but for what a page says by what it offers.
void gather(const boost::json::value& of, const std::string& where,
            std::vector<std::pair<std::string, std::string>>& into) {
    static const std::set<std::string> said_otherwise{
        "state", "resolution", "foreign_mail", "default_max_age",
        // Nothing without their algorithms.
        "id_token_encryption_enc", "userinfo_encryption_enc"};
    if (const auto* object = of.if_object()) {
        for (const auto& [name, value] : *object) gather(value, std::string(name), into);
    } else if (const auto* list = of.if_array()) {
        for (const auto& value : *list) gather(value, where, into);
    } else if (of.is_string() && !said_otherwise.contains(where)) {
        into.emplace_back(where, std::string(of.get_string()));
    }
}

std::string escaped(const std::string& text) {
    std::string all;
    for (const char c : text) {
        if (c == '"')
            all += "&quot;";
        else if (c == '&')
            all += "&amp;";
        else
            all += c;
    }
    return all;
}

void check_whole(const answer& page, const idp::admin::document_version& version) {
    CHECK(page.shows(version.digest));
    std::vector<std::pair<std::string, std::string>> all;
    gather(version.document, {}, all);
    REQUIRE(all.size() > 5);
    for (const auto& field : all) {
        CAPTURE(field.first);
        CAPTURE(field.second);
        CHECK(page.shows(escaped(as_read(field.second))));
    }
}

}  // namespace

TEST_CASE("who approves or agrees reads every field of the rule, and what its roles amount to") {
    desk scene;
    const auto page = scene.page("/approvals");
    const auto& all = scene.documents();
    check_whole(page, version_of(all, all.mappings.at("kennung-der-regel")));
    check_whole(page, version_of(all, all.grants.at("kennung-der-vergabe")));
    check_whole(page, version_of(all, all.exceptions.at("kennung-der-ausnahme")));
    CHECK(page.shows("braucht eine zweite Person"));
    // For Cottbus, which the association may speak for.
    check_whole(page, version_of(all, all.mappings.at("regel-in-kraft")));
}

TEST_CASE("who approves a client reads its whole registration") {
    desk scene;
    const auto page = scene.page("/applications/dms/clients/dms-neu");
    const auto& dms = scene.documents().applications.at(application_key("dms"));
    check_whole(page, version_of(dms.key, dms.clients.back()));
    CHECK(page.shows("4711"));
    CHECK(page.shows("PKCE"));
}

TEST_CASE("who confirms in a review reads the rules that give the role, whole") {
    desk scene;
    idp::store::campaign_item item;
    scene.write([&](idp::store::transaction& t) {
        idp::store::campaign asked;
        asked.id = "k-1";
        asked.title = "Herbst";
        asked.due_at = scene.idp.time.now() + std::chrono::hours(48);
        idp::store::campaign_item held;
        held.campaign = asked.id;
        held.member = lebus;
        held.person = scene.person;
        held.role = role_name("dms.lesen");
        held.documents = {"mappings/regel-in-kraft", "grants/kennung-der-vergabe",
                          "grants/gibt-es-nicht-mehr"};
        t.campaigns().put(asked, {held});
        item = t.campaigns().items(asked.id, lebus, 0, 1).front();
    });
    const auto page = scene.page("/campaigns/k-1", {{"member", "lebus"}});
    const auto version = version_of(scene.documents(), item);
    CHECK(page.shows(version.digest));
    CHECK(page.shows("gibt-es-nicht-mehr"));
    for (const auto& rule : version.document.at("means").as_object().at("rules").as_array()) {
        std::vector<std::pair<std::string, std::string>> all;
        gather(rule, {}, all);
        for (const auto& field : all) {
            CAPTURE(field.first);
            CAPTURE(field.second);
            CHECK(page.shows(escaped(as_read(field.second))));
        }
    }
}

TEST_CASE("a roll-back lists what it would change, and holds for that state only") {
    desk scene;
    const auto change = [&](const std::string& note) {
        scene.idp.change_registry(
            [&](policies::registry& all) { all.mappings.at("regel-in-kraft").note = note; });
        return scene.idp.parts().registry.get()->revision();
    };
    const auto first = change("Zwischenstand");
    (void)change("Neuester Stand");
    const auto path = "/revisions/" + std::to_string(first);
    const auto page = scene.page(path);
    CHECK(page.shows("Neuester Stand"));  // goes as well, though another revision brought it
    const auto newest = scene.idp.parts().registry.get()->revision();
    CHECK(page.hidden("expected") == std::to_string(newest));
    const auto back = [&](const fields& more) {
        fields form{{"csrf", page.hidden("csrf")}, {"why", "Irrtum"}};
        form.insert(form.end(), more.begin(), more.end());
        return scene.idp.post("/console" + path + "/rollback", form);
    };
    CHECK(back({}).status() == 422);
    (void)change("Noch neuer");
    const auto refused = back({{"expected", std::to_string(newest)}});
    CHECK(refused.status() == 412);
    CHECK(refused.hidden("expected") == std::to_string(newest + 1));
    CHECK(refused.shows("Noch neuer"));
    CHECK(back({{"expected", std::to_string(newest + 1)}}).status() == 303);
    CHECK(scene.documents().mappings.at("regel-in-kraft").note == "Bemerkung zur Regel");
}
