// Whom Kommpass writes to: nobody but the people of a member, at the member's own mailboxes.
#include "idp/admin/directory_findings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/own_mailbox.hpp"
#include "idp/store/audit_record.hpp"
#include "tests/support/administration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::tests;
using idp::admin::own_mailbox;

namespace {

policies::member lebus() {
    policies::member of;
    of.slug = member_slug("lebus");
    of.domains = {"amt-lebus.example", "lübben.example"};
    return of;
}

std::string mailbox_of(const std::string& mail) {
    identity who;
    who.member = member_slug("lebus");
    who.mail = mail;
    return own_mailbox(who, lebus());
}

std::set<std::string> addressees(test_idp& idp) {
    std::set<std::string> all;
    for (const auto& one : letters_waiting(idp)) all.insert(one.to);
    return all;
}

// A grant that waits for somebody at Lebus, and one that was decided for whoever asked.
void add_work(policies::registry& all, const std::string& asker) {
    policies::grant waits;
    waits.id = "g-1";
    waits.member = member_slug("lebus");
    waits.person = person_id("P-1");
    waits.role = role_name("groupware.betrieb");
    waits.state = policies::grant_state::requested;
    waits.reason = "Vertretung";
    waits.asked_by = "P-2";
    all.grants.emplace(waits.id, waits);
    auto decided = waits;
    decided.id = "g-2";
    decided.role = role_name("groupware.postfach");
    decided.state = policies::grant_state::active;
    decided.asked_by = asker;
    decided.approved_on = local_day_of(turned_clock().now());
    all.grants.emplace(decided.id, decided);
}

}  // namespace

TEST_CASE("a mailbox is written to when its domain is one of the member's, and no other") {
    CHECK(mailbox_of("anna.noack@amt-lebus.example") == "anna.noack@amt-lebus.example");
    CHECK(mailbox_of("Anna.Noack@AMT-Lebus.example") == "Anna.Noack@amt-lebus.example");
    CHECK(mailbox_of("anna@Lübben.example") == "anna@xn--lbben-kva.example");
    for (const auto* other :
         {"", "anna", "@amt-lebus.example", "jan.kowal@cottbus.example",
          "anna@mail.amt-lebus.example", "anna@amt-lebus.example.evil.example",
          "a@evil.example@amt-lebus.example", "anna@amt-lebus.example, b@evil.example",
          "anna@amt-lebus.example\nBcc: b@evil.example", "b@evil.example\n@amt-lebus.example",
          "\"b@evil.example\"@amt-lebus.example", "b%evil.example@amt-lebus.example",
          "b!evil.example@amt-lebus.example"}) {
        CAPTURE(std::string(other));
        CHECK(mailbox_of(other).empty());
    }
    identity stranger;
    stranger.member = member_slug("cottbus");
    stranger.mail = "anna.noack@amt-lebus.example";
    CHECK(own_mailbox(stranger, lebus()).empty());
}

TEST_CASE("whoever runs a directory has nobody else written to, by those who decide or who asked") {
    test_idp idp;
    idp.change_registry([](policies::registry& all) { add_administration(all); });
    add_administrator(idp, "lebus", "joerg", {"mandantenadmin", "rollenfreigabe"});
    auto& joerg = idp.directories.of("lebus", "joerg").who;
    (void)idp.tokens("groupware-web");  // anna.noack is known from now on
    std::string anna;
    for (const auto& one : idp.audit())
        if (!one.record.person.empty()) anna = one.record.person.str();
    idp.change_registry([&](policies::registry& all) { add_work(all, anna); });
    auto& her = idp.directories.of("lebus", "anna.noack").who;
    joerg.mail = "joerg@amt-lebus.example";
    CHECK(addressees(idp) ==
          std::set<std::string>{"anna.noack@amt-lebus.example", "joerg@amt-lebus.example"});

    her.mail = "minister@land.example";
    joerg.mail = "leitung@cottbus.example";
    CHECK(addressees(idp).empty());
    const auto managers = idp.operations().found.managers.get();
    REQUIRE(managers->contains(member_slug("lebus")));
    for (const auto& one : managers->at(member_slug("lebus"))) CHECK(one.mail.empty());
}
