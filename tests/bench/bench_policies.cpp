// Evaluation of roles:
//   a draft judged over 100,000 persons with 1,000 mappings, once they are read
//   what one sign-in costs with 10, 100, 1,000 and 10,000 mappings
#include "policies/registry_files.hpp"
#include "policies/simulation.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

using namespace kommpass;
using namespace kommpass::policies;

namespace {

const member_slug lebus("lebus");
const auto today = parse_day("2026-11-21").value();

double cpu_seconds() {
    std::timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Half of the mappings by group, a quarter by attribute, a quarter by place, in one application of
// 20 roles with two constraints.
registry with_mappings(int count) {
    registry all;
    member m;
    m.slug = lebus;
    m.name.de = "Amt Lebus";
    m.directory.urls = {"ldaps://ldap.lebus.example:636"};
    m.directory.person_base = "ou=people,dc=lebus,dc=example";
    m.directory.group_base = "ou=groups,dc=lebus,dc=example";
    all.members.emplace(m.slug, m);
    application app;
    app.key = application_key("dms");
    app.name.de = "E-Akte";
    for (int i = 0; i < 20; ++i)
        app.roles.push_back({role_name("dms.rolle" + std::to_string(i)), {"Rolle", {}}, {}});
    all.applications.emplace(app.key, app);
    all.subscriptions = {{lebus, app.key}};
    for (int i = 0; i < count; ++i) {
        mapping rule;
        rule.id = "regel-" + std::to_string(i);
        rule.member = lebus;
        rule.roles = {role_name("dms.rolle" + std::to_string(i % 20))};
        const auto n = std::to_string(i);
        if (i % 4 < 2) {
            rule.group = i % 2 == 0 ? "GG_" + n : "cn=GG_" + n + ",ou=groups,dc=lebus,dc=example";
        } else if (i % 4 == 2) {
            rule.attribute = "departmentnumber";
            rule.attribute_value = n;
        } else {
            rule.within = "ou=o" + n + ",ou=people,dc=lebus,dc=example";
        }
        all.mappings.emplace(rule.id, rule);
    }
    for (int i = 0; i < 2; ++i) {
        constraint pair;
        pair.id = "paar-" + std::to_string(i);
        pair.first = "dms.rolle" + std::to_string(i);
        pair.second = "dms.rolle" + std::to_string(i + 10);
        all.constraints.emplace(pair.id, pair);
    }
    return all;
}

std::vector<identity> persons(int count, int mappings) {
    std::mt19937 random(1);
    std::vector<identity> all;
    for (int i = 0; i < count; ++i) {
        const auto any = [&] { return std::to_string(random() % static_cast<unsigned>(mappings)); };
        identity who;
        who.member = lebus;
        const auto n = std::to_string(i);
        who.id = directory_id("id-" + n);
        who.login_name = "person" + n;
        who.dn = "uid=person" + n + ",ou=o" + any() + ",ou=people,dc=lebus,dc=example";
        for (int g = 0; g < 5; ++g) {
            const auto name = "GG_" + any();
            who.groups.push_back({"cn=" + name + ",ou=groups,dc=lebus,dc=example", name, {}});
        }
        who.attributes["departmentnumber"] = {any()};
        all.push_back(std::move(who));
    }
    return all;
}

snapshot_ptr compiled(registry all) {
    auto made = compile(std::move(all), 1);
    if (made) return *made;
    std::fprintf(stderr, "%s\n", made.error().front().to_string().c_str());
    std::exit(1);
}

void simulate_everybody() {
    const auto before = compiled(with_mappings(1000));
    auto draft = with_mappings(1000);
    draft.mappings.at("regel-0").roles.emplace_back("dms.rolle7");
    const auto after = compiled(std::move(draft));
    const auto everybody = persons(100'000, 1000);
    const auto start = cpu_seconds();
    simulation run(before, after, today);
    for (const auto& who : everybody) run.take(who, {});
    const auto took = cpu_seconds() - start;
    std::printf(
        "100,000 persons, 1,000 mappings, draft against registry: %.2f s of CPU "
        "(%zu persons gain or lose)\n",
        took, run.result().effects.size());
}

void one_sign_in() {
    double least = 0;
    for (const int count : {10, 100, 1000, 10'000}) {
        const auto all = compiled(with_mappings(count));
        const auto& dms = *all->find_application(application_key("dms"));
        // The person stays the same: only the number of rules grows.
        const auto somebody = persons(200, 10);
        const auto start = cpu_seconds();
        std::size_t held = 0;
        for (int round = 0; round < 100; ++round) {
            for (const auto& who : somebody)
                held += all->decide({who, {}, today}, dms).roles.size();
        }
        const auto each = (cpu_seconds() - start) / 20'000 * 1e6;
        if (count == 10) least = each;
        std::printf(
            "one decision with %6d mappings: %.2f us, %.2f times that with 10 (%zu roles)\n", count,
            each, each / least, held / 20'000);
    }
}

}  // namespace

int main() {
    simulate_everybody();
    one_sign_in();
}
