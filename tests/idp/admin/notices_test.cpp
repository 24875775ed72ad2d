#include "idp/admin/notices.hpp"
#include "idp/store/audit_log.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::admin;
using namespace std::chrono_literals;

namespace {

const auto noon = from_unix_seconds(1'795'262'400);
const auto today = local_day_of(noon);
const member_slug lebus("lebus");
const member_slug cottbus("cottbus");
const member_slug dikom("dikom");

struct scene {
    policies::registry registry;
    role_managers managers{{lebus,
                            {{"Jörg", "joerg@lebus", true, false, false},
                             {"Ralf", "ralf@lebus", false, true, false},
                             {"ohne Adresse", "", true, true, true}}},
                           {cottbus, {{"Kito", "kito@cottbus", true, false, false}}},
                           {dikom, {{"Martina", "martina@dikom", false, false, true}}}};
    expiring_certificates certificates;
    standing_conflicts conflicts;
    std::vector<std::pair<member_slug, std::chrono::seconds>> silent;
    std::vector<idp::store::stored_audit_record> refused;

    scene() {
        policies::member association;
        association.slug = dikom;
        association.association = true;
        registry.members.emplace(dikom, association);
        policies::application a;
        a.key = application_key("autista");
        policies::role plain;
        plain.name = role_name("autista.einsicht");
        policies::role sensitive;
        sensitive.name = role_name("autista.standesbeamter");
        sensitive.sensitive = true;
        a.roles = {plain, sensitive};
        registry.applications.emplace(a.key, a);
    }
    policies::grant& grant(const char* id, const char* role) {
        policies::grant one;
        one.id = id;
        one.member = lebus;
        one.person = person_id("P-1");
        one.role = role_name(role);
        return registry.grants.emplace(id, one).first->second;
    }
    std::vector<notice> all() const {
        return notices_of({registry, managers, certificates, conflicts, silent, refused, noon});
    }
    notice only() const {
        const auto some = all();
        REQUIRE(some.size() == 1);
        return some.front();
    }
};

using addresses = std::vector<std::string>;

}  // namespace

TEST_CASE("a request is told to whoever can approve it; where nobody is, to the association") {
    scene at;
    auto& one = at.grant("g-1", "autista.standesbeamter");
    one.state = policies::grant_state::requested;
    CHECK(at.only().text == "notice.request");
    CHECK(at.only().to == addresses{"ralf@lebus"});
    one.role = role_name("autista.einsicht");
    CHECK(at.only().to == addresses{"joerg@lebus", "ralf@lebus"});
    one.role = role_name("autista.standesbeamter");
    one.member = cottbus;
    CHECK(at.only().to == addresses{"martina@dikom"});
    at.managers.clear();
    CHECK(at.all().empty());
}

TEST_CASE("a grant that ends within two weeks is told once for each end, to who gives roles") {
    scene at;
    auto& one = at.grant("g-1", "autista.einsicht");
    CHECK(at.all().empty());
    one.until = today + std::chrono::days(15);
    CHECK(at.all().empty());
    one.until = today + std::chrono::days(14);
    CHECK(at.only().to == addresses{"joerg@lebus"});
    const auto first = at.only().key;
    one.until = today;
    CHECK(at.only().key != first);
    one.until = today - std::chrono::days(1);
    CHECK(at.all().empty());
}

TEST_CASE("what was decided is told to the person who asked, and not to a machine's operator") {
    scene at;
    auto& one = at.grant("g-1", "autista.einsicht");
    one.asked_by = "P-asker";
    one.approved_by = "P-2";
    one.approved_on = today;
    CHECK(at.only().asker.view() == "P-asker");
    CHECK(at.only().to.empty());
    CHECK(at.only().path == "/console/persons/P-1");
    one.deputy_of = person_id("P-asker");
    CHECK(at.only().path == "/account/role");
    one.approved_on = today - std::chrono::days(15);
    CHECK(at.all().empty());
    one.approved_on = today;
    one.asked_by = "host:root";
    CHECK(at.all().empty());
    idp::store::stored_audit_record record;
    record.sequence = 7;
    record.record.detail_json = R"({"role":"autista.einsicht","asked_by":"P-asker","why":"nein"})";
    at.refused = {record};
    CHECK(at.only().key == "refused/7");
    CHECK(at.only().asker.view() == "P-asker");
    at.refused.front().record.detail_json = "no JSON";
    CHECK(at.all().empty());
}

TEST_CASE("directories, certificates, conflicts and agreements reach those who can do something") {
    scene at;
    at.silent = {{lebus, 9min}};
    CHECK(at.all().empty());
    at.silent = {{lebus, 11min}};
    CHECK(at.only().to == addresses{"joerg@lebus", "martina@dikom"});
    at.silent.clear();
    at.certificates = {{lebus, "ldaps://dc1", "2026-12-01", false}};
    CHECK(at.only().text == "notice.certificate_ends");
    const auto before = at.only().key;
    at.certificates.front().expired = true;
    CHECK(at.only().key != before);
    at.certificates.clear();
    policies::conflict pair;
    pair.constraint = "vier-augen";
    pair.first = role_name("prodoppik.anordnung");
    pair.second = role_name("prodoppik.kasse");
    at.conflicts.all = {{lebus, person_id("P-1"), "Anna", pair}};
    CHECK(at.only().path == "/console/persons/P-1");
    CHECK(at.only().about.find("Anna") == std::string::npos);
    at.conflicts.all.clear();
    auto& one = at.grant("g-1", "autista.einsicht");
    one.for_members = {lebus, cottbus};
    CHECK(at.only().to == addresses{"kito@cottbus"});
    one.agreed = {cottbus};
    CHECK(at.all().empty());
}

TEST_CASE("a letter says it in German and English, and where to look") {
    scene at;
    at.grant("g-1", "autista.einsicht").state = policies::grant_state::requested;
    const auto one = at.only();
    const auto text = letter_text({&one}, "https://idp.example");
    CHECK(text.find("Ein Antrag wartet auf Ihre Freigabe: autista.einsicht\n  "
                    "https://idp.example/console/approvals") != std::string::npos);
    CHECK(text.find("A request waits for your approval") != std::string::npos);
}
