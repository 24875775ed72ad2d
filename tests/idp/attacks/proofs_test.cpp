// That the attack would notice: each proof weakens the world on purpose, by a state that only a
// test can make, and the same generator and the same invariants have to find it.
#include "idp/api/shapes.hpp"
#include "idp/http/method.hpp"
#include "idp/http/router.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"
#include "tests/idp/attacks/arguments.hpp"
#include "tests/idp/attacks/endpoint_attacks.hpp"
#include "tests/idp/attacks/guesses.hpp"
#include "tests/idp/attacks/sequence.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;
using namespace kommpass::tests::attacks;

namespace {

struct proof {
    const char* what;
    weakening weaken;
    std::set<std::string> ignored;  // what would notice it sooner
    std::set<std::string> noticed_by;
};

void be_the_association(world& w) {
    w.idp.change_registry([](policies::registry& all) {
        all.members.at(member_slug(hostile_member)).association = true;
    });
}

void hold_elsewhere(world& w) {
    w.idp.change_registry([](policies::registry& all) {
        auto& rule = all.mappings.at("hostil-alle");
        rule.for_members = {member_slug("lebus")};
        rule.agreed = {member_slug("lebus")};
    });
}

void lose_records(world& w) {
    const auto done = w.idp.parts().memory.write_now([&](idp::store::transaction& t) {
        (void)t.audit().remove_content(0, "token.issued", w.idp.time.now() + std::chrono::hours(1),
                                       "test", 100);
    });
    REQUIRE(done.has_value());
}

const std::vector<proof> proofs{
    {"an honest person picks the hostile member",
     [](world& w) { w.careless = true; },
     {},
     {"password"}},
    {"the hostile member counts as the association",
     be_the_association,
     {"right-elsewhere", "role-elsewhere"},
     {"registry", "kept", "told", "person-of-another", "audit"}},
    {"its administrators have rights at every member",
     be_the_association,
     {},
     {"right-elsewhere", "role-elsewhere"}},
    {"a rule holds for a member that did not agree", hold_elsewhere, {}, {"role-elsewhere"}},
    {"the directory is believed whose person somebody is",
     [](world& w) { w.directory->claim_member("lebus"); },
     {},
     {"second-person", "kept", "subject"}},
    {"records are lost", lose_records, {}, {"audit"}},
    {"an honest browser has the session of somebody else",
     [](world& w) {
         auto& theirs = w.hostile_people.front().cookies;
         (void)w.browser(theirs).visit("/account");
         (void)w.sign_in(theirs, "groupware-web", "chef", "Falsch-1", hostile_member, {}, false);
         w.honest("anna.noack").cookies = theirs;
     },
     {},
     {"browser"}},
};

bool is_named(const std::string& invariant, const std::set<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& one) {
        return invariant == one || invariant.starts_with(one + " ");
    });
}

}  // namespace

TEST_CASE("what the service must not do would be noticed") {
    for (const auto& one : proofs) {
        const std::string what = one.what;
        CAPTURE(what);
        bool noticed = false;
        std::string last;
        for (std::uint32_t seed = 1; seed <= 12 && !noticed; ++seed) {
            const auto got = run_steps(steps_of(seed, 80), cast_of(seed), one.weaken, one.ignored);
            for (const auto& found : got.breaches)
                noticed = noticed || is_named(found.invariant, one.noticed_by);
            if (!got.breaches.empty()) last = got.to_string();
        }
        CAPTURE(last);
        CHECK(noticed);
    }
}

namespace {

// Something that was done behind everybody's back, which the next look has to find.
struct deed {
    const char* invariant;
    std::function<void(world&)> act;
    acted said = acted::hostile;  // who is said to have acted
};

std::function<void(world&)> in_registry(std::function<void(policies::registry&, world&)> change) {
    return [change = std::move(change)](world& w) {
        w.idp.change_registry([&](policies::registry& all) { change(all, w); });
    };
}

std::function<void(world&)> in_store(
    std::function<void(idp::store::transaction&, const honest_person&, world&)> change) {
    return [change = std::move(change)](world& w) {
        const auto& anna = w.honest("anna.noack");
        const auto done =
            w.idp.parts().memory.write_now([&](idp::store::transaction& t) { change(t, anna, w); });
        REQUIRE(done.has_value());
    };
}

auto& member_of(policies::registry& all, const char* slug) {
    return all.members.at(member_slug(slug));
}
auto& client_of_theirs(policies::registry& all) {
    return all.applications.at(application_key("verfahren")).clients.front();
}

const std::vector<deed>& deeds() {
    static const std::vector<deed> all{
        {"password",
         [](world& w) {
             cookie_jar jar;
             (void)w.sign_in(jar, "groupware-web", "anna.noack", w.honest("anna.noack").password,
                             hostile_member, {}, false);
         }},
        {"registry", in_registry([](auto& r, auto&) { r.mappings.at("lebus-alle").note = "x"; })},
        {"registry", in_registry([](auto& r, auto&) { r.mappings.erase("lebus-alle"); })},
        {"registry",
         in_registry([](auto& r, auto&) { member_of(r, "hostil").domains = {"x.de"}; })},
        {"registry", in_registry([](auto& r, auto&) { r.constraints.at("akten").note = "x"; })},
        {"registry", in_registry([](auto& r, auto&) { r.subscriptions.pop_back(); })},
        {"repointed", in_registry([](auto& r, auto&) {
             member_of(r, "hostil").directory.urls = {"ldaps://boese.example"};
             member_of(r, "hostil").directory.transport = directory_transport::ldaps;
         })},
        {"person-of-another", in_registry([](auto& r, world& w) {
             policies::withdrawal one;
             one.id = "w-boese";
             one.member = member_slug(hostile_member);
             one.person = person_id(w.honest("anna.noack").id);
             one.role = role_name("dms.lesen");
             one.reason = "x";
             r.withdrawals.emplace(one.id, one);
         })},
        {"client-unseen",
         in_registry([](auto& r, auto&) { client_of_theirs(r).scopes.emplace_back("phone"); })},
        {"led-astray", in_registry([](auto& r, auto&) { r.mappings.erase("hostil-alle"); }),
         acted::led_astray},
        {"led-astray", in_store([](auto& t, auto& anna, auto&) {
             (void)t.sessions().end_all_of(person_id(anna.id));
         }),
         acted::led_astray},
        {"kept", in_store([](auto& t, auto& anna, auto&) {
             (void)t.sessions().end_all_of(person_id(anna.id));
         })},
        {"kept", in_store([](auto& t, auto& anna, auto&) {
             t.families().revoke_of_person(person_id(anna.id));
         })},
        {"kept", in_store([](auto& t, auto& anna, auto&) {
             (void)t.persons().retie(person_id(anna.id), directory_id("boese"));
         })},
        {"kept", in_store([](auto& t, auto&, auto&) { t.set_ups().remove(member_slug("lebus")); })},
        {"audit grant.ended", in_store([](auto& t, auto& anna, auto& w) {
             idp::store::audit_record one;
             one.at = w.idp.time.now();
             one.event = "grant.ended";
             one.result = "ok";
             one.person = person_id(anna.id);
             one.detail_json = "{}";
             t.audit().append(one);
         })},
        {"told", [](world& w) { w.answers.emplace_back(private_word); }},
    };
    return all;
}

}  // namespace

TEST_CASE("what is done behind everybody's back would be noticed") {
    for (std::size_t i = 0; i < deeds().size(); ++i) {
        const auto& one = deeds()[i];
        CAPTURE(i);
        world w;
        invariants right(w);
        CHECK(right.look(one.said).empty());
        one.act(w);
        const auto found = right.look(one.said);
        const bool noticed = std::any_of(found.begin(), found.end(), [&](const breach& b) {
            return b.invariant == one.invariant;
        });
        const std::string invariant = one.invariant;
        CAPTURE(invariant);
        CHECK(noticed);
    }
}

TEST_CASE("a page or a token of others that is another at the end would be noticed") {
    const std::pair<const char*, std::function<void(world&)>> all[] = {
        {"page", in_registry([](auto& r, world& w) {
             for (auto& [id, one] : r.grants) {
                 if (one.person.view() == w.honest("anna.noack").id) one.reason = "x";
             }
         })},
        {"token", in_store([](auto& t, auto& anna, auto&) {
             t.families().revoke_of_person(person_id(anna.id));
         })},
        // As if a stranger's domain were one of its own.
        {"letter",
         [](world& w) {
             w.idp.change_registry([](policies::registry& r) {
                 auto& domains = r.members.at(member_slug(hostile_member)).domains;
                 domains.emplace_back("fremd.example");
             });
             auto& lies = w.directory->lies_at_hand();
             lies.mails = {"minister@fremd.example"};
             lies.groups = {"cn=GG_mandantenadmin,ou=groups,dc=hostil,dc=example"};
         }},
        // A browser that nobody knows is kept out where strangers guess.
        {"kept-out", [](world& w) {
             dice d(1);
             auto& anna = w.honest("anna.noack");
             for (int i = 0; i < 4; ++i) guess(w, anna, d);
             anna.cookies.clear();
         }}};
    for (const auto& [invariant, act] : all) {
        world w;
        invariants right(w);
        act(w);
        const auto found = right.look_at_end(true);
        const std::string name = invariant;
        CAPTURE(name);
        CHECK(std::any_of(found.begin(), found.end(),
                          [&](const breach& b) { return b.invariant == name; }));
    }
}

TEST_CASE("a name, a mail address or a subject of somebody else would be noticed") {
    world w;
    invariants right(w);
    const auto& anna = w.honest("anna.noack");
    const auto named = [&](const played& one) {
        w.parts_played.push_back(one);
        const auto found = right.look(acted::hostile);
        return found.empty() ? std::string() : found.front().invariant;
    };
    const boost::json::object nobody{{"sub", "s-1"}};
    CHECK(named({"groupware-web", "P-1", nobody, nobody, nobody, {}}).empty());
    CHECK(named({"groupware-web", "P-2", nobody, nobody, nobody, {}}) == "subject");
    const boost::json::object annas{{"sub", anna.tokens.front().subject}};
    CHECK(named({"groupware-web", "P-1", annas, annas, annas, {}}) == "subject");
    CHECK(named({"groupware-web", anna.id, nobody, nobody, nobody, {}}) == "second-person");
    for (const auto& [claim, value, invariant] :
         {std::tuple{"email", "anna.noack@amt-lebus.example", "mail"},
          {"email", "x@hostil.example.amt-lebus.example", "mail"},
          {"email", "x@hostil.example, anna.noack@amt-lebus.example", "mail"},
          {"username", "Anna.Noack@amt-lebus.example", "username"},
          {"preferred_username", " anna.noack", "preferred_username"}}) {
        const std::string said = value;
        CAPTURE(said);
        auto claims = nobody;
        claims[claim] = value;
        CHECK(named({"groupware-web", "P-1", nobody, claims, nobody, {}}) ==
              std::string(invariant));
    }
    auto verified = nobody;
    verified["email"] = "jan.kowal@cottbus.example";
    verified["email_verified"] = true;
    CHECK(named({"groupware-web", "P-1", nobody, verified, nobody, {}}) == "mail-verified");
}

TEST_CASE("a new address is attacked, and a parameter that nobody knows would be noticed") {
    static constexpr std::array parameters{
        idp::api::parameter{"brand_new", "body", idp::api::shapes::reason, true}};
    const idp::api::endpoint made{
        idp::http::method::post, "/new", "makeNew", "", true, "", parameters, nullptr};
    CHECK(unknown_parameters(std::span(&made, 1)) ==
          std::vector<std::string>{"makeNew: brand_new"});
    idp::http::router router;
    router.add({idp::http::method::post}, "/new-endpoint", idp::http::handler());
    CHECK(attacked_addresses(router) == std::vector<std::string>{"/new-endpoint"});
    world w;
    dice d(1);
    CHECK(attacked_addresses(w.idp.routes()).size() > 10);
    // To the question, anew: a form that was made up signs nobody out.
    CHECK(attack_address(w, "/sign-out", w.hostile_people.front(), d).location() == "/end-session");
}
