// Everything that gives and takes roles at once, against a second evaluator that is as plain as can
// be: it asks every rule, and removes until nothing is left to remove.
#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "policies/role_catalogue.hpp"
#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

namespace {

using held = std::set<std::pair<std::string, std::string>>;  // role and member

const auto today = parse_day("2026-11-21").value();
const person_id somebody("p-1");

int below(std::mt19937& random, int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
}

role_name any_role(std::mt19937& random) {
    return role_name((below(random, 2) ? "dms.rolle" : "meso.rolle") +
                     std::to_string(below(random, 3)));
}

member_slug any_member(std::mt19937& random) {
    return member_slug(below(random, 2) ? "lebus" : "cottbus");
}

std::optional<day> any_day(std::mt19937& random) {
    if (below(random, 2)) return std::nullopt;
    return today + std::chrono::days(below(random, 5) - 2);
}

void put_days(std::mt19937& random, std::optional<day>& from, std::optional<day>& until) {
    from = any_day(random);
    until = any_day(random);
    if (from && until && *until < *from) std::swap(*from, *until);
}

template <class Rule>
void put_members(std::mt19937& random, Rule& rule) {
    if (below(random, 3)) return;
    rule.for_members = {member_slug("cottbus"), member_slug("lebus")};
    if (below(random, 2)) rule.agreed = {any_member(random)};
}

registry random_rights(std::mt19937& random) {
    auto all = random_registry(random);
    for (auto& [id, rule] : all.mappings) {
        rule.for_members.clear();
        put_members(random, rule);
        put_days(random, rule.from, rule.until);
    }
    // Composite only downwards in number, so that nothing includes itself.
    auto& roles = all.applications.at(application_key("dms")).roles;
    if (below(random, 2)) roles[2].includes = {roles[1].name, role_name("meso.rolle0")};
    if (below(random, 2)) roles[1].includes = {roles[0].name};
    for (int i = 0; i < 4; ++i) {
        grant one;
        one.id = "g-" + std::to_string(i);
        one.member = any_member(random);
        one.person = below(random, 3) ? somebody : person_id("p-2");
        one.role = any_role(random);
        one.reason = "x";
        one.state = below(random, 4) ? grant_state::active : grant_state::requested;
        put_members(random, one);
        put_days(random, one.from, one.until);
        all.grants.emplace(one.id, one);
    }
    for (int i = 0; i < 2; ++i) {
        withdrawal one;
        one.id = "w-" + std::to_string(i);
        one.member = any_member(random);
        one.person = somebody;
        one.role = any_role(random);
        one.reason = "x";
        all.withdrawals.emplace(one.id, one);
    }
    for (int i = 0; i < 2; ++i) {
        constraint one;
        one.id = "c-" + std::to_string(i);
        one.first = any_role(random).str();
        one.second = any_role(random).str();
        one.resolution =
            below(random, 2) ? conflict_resolution::deny_both : conflict_resolution::report;
        all.constraints.emplace(one.id, one);
    }
    if (below(random, 2)) {
        constraint_exception one;
        one.id = "e-0";
        one.constraint = "c-0";
        one.member = any_member(random);
        one.person = somebody;
        one.reason = "x";
        one.until = today + std::chrono::days(below(random, 3) - 1);
        one.asked_by = "a";
        one.approved_by = "b";
        all.exceptions.emplace(one.id, one);
    }
    return all;
}

bool meets(const mapping& m, const identity& who) {
    const bool group =
        m.group.empty() || std::any_of(who.groups.begin(), who.groups.end(), [&](const auto& g) {
            return m.group.find('=') != std::string::npos
                       ? distinguished_name::parse(g.dn) == distinguished_name::parse(m.group)
                       : prepared(g.name) == prepared(m.group);
        });
    const auto found = who.attributes.find(lower_case(m.attribute));
    const bool attribute =
        m.attribute.empty() ||
        (found != who.attributes.end() && std::find(found->second.begin(), found->second.end(),
                                                    m.attribute_value) != found->second.end());
    const bool place = m.within.empty() || distinguished_name::parse(who.dn)->is_within(
                                               *distinguished_name::parse(m.within));
    return (!m.member || *m.member == who.member) && group && attribute && place;
}

bool is_now(const std::optional<day>& from, const std::optional<day>& until) {
    return !(from && today < *from) && !(until && *until < today);
}

class naive {
public:
    naive(const registry& all, const identity& who) : all_(all), who_(who) {}

    held roles() {
        for (const auto& [id, m] : all_.mappings) {
            if (!meets(m, who_) || !is_now(m.from, m.until)) continue;
            for (const auto& role : m.roles) give(role, scope(m), true);
        }
        for (const auto& [id, g] : all_.grants) {
            if (g.person == somebody && g.member == who_.member && g.state == grant_state::active &&
                is_now(g.from, g.until))
                give(g.role, scope(g), false);
        }
        auto left = held_;
        for (const auto& [id, c] : all_.constraints) {
            if (c.resolution == conflict_resolution::report || excepted(id)) continue;
            for (const auto* member : {"lebus", "cottbus"}) {
                if (c.first == c.second || !held_.contains({c.first, member}) ||
                    !held_.contains({c.second, member}))
                    continue;
                left.erase({c.first, member});
                left.erase({c.second, member});
            }
        }
        return left;
    }

private:
    template <class Rule>
    std::vector<member_slug> scope(const Rule& rule) const {
        if (rule.for_members.empty()) return {who_.member};
        std::vector<member_slug> members;
        for (const auto& one : rule.for_members) {
            const bool agreed =
                std::find(rule.agreed.begin(), rule.agreed.end(), one) != rule.agreed.end();
            if (one == who_.member || agreed) members.push_back(one);
        }
        return members;
    }

    void give(const role_name& role, const std::vector<member_slug>& members, bool by_mapping) {
        const bool withdrawn =
            by_mapping &&
            std::any_of(all_.withdrawals.begin(), all_.withdrawals.end(), [&](const auto& one) {
                return one.second.role == role && one.second.member == who_.member;
            });
        if (!withdrawn) {
            for (const auto& member : members) held_.insert({role.str(), member.str()});
        }
        for (const auto& [key, application] : all_.applications) {
            for (const auto& known : application.roles) {
                if (known.name != role) continue;
                for (const auto& inner : known.includes) give(inner, members, by_mapping);
            }
        }
    }

    bool excepted(const std::string& id) const {
        return std::any_of(all_.exceptions.begin(), all_.exceptions.end(), [&](const auto& one) {
            return one.second.constraint == id && one.second.member == who_.member &&
                   today <= *one.second.until;
        });
    }

    const registry& all_;
    const identity& who_;
    held held_;
};

}  // namespace

TEST_CASE("roles of every source are evaluated as the plainest evaluator does") {
    std::mt19937 random(4);
    int with_roles = 0;
    for (int i = 0; i < 300; ++i) {
        const auto documents = random_rights(random);
        const auto all = compiled(documents);
        for (int j = 0; j < 10; ++j) {
            const auto who = random_identity(random);
            held found;
            for (const auto& role : all->evaluate({who, somebody, today}).roles) {
                for (const auto& member : role.for_members)
                    found.insert({role.name.str(), member.str()});
            }
            CHECK(found == naive(documents, who).roles());
            with_roles += found.empty() ? 0 : 1;
        }
    }
    CHECK(with_roles > 1000);  // else nothing was compared
}
