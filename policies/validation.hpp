#pragma once

#include "config/settings.hpp"
#include "policies/registry.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace kommpass::policies {

// Judges the whole registry; every mistake, with the document ("mappings/lebus-meldeamt") and the
// remedy.
[[nodiscard]] config::mistakes validate(const registry&);

// What reaches beyond the member that it is of: rights in Kommpass by a rule that others could
// meet, a client that could be taken for a person, a member for another one; and a withdrawal of
// what is not there. No new document may say it; in a revision that an earlier version stored, or
// that has outlived what it is of, it gives nothing, so that the service starts with it all the
// same.
[[nodiscard]] config::mistakes validate_reach(const registry&);
// Those of `after` that `before` had not: one document can be mended while another still waits.
[[nodiscard]] config::mistakes newly_beyond(const registry& before, const registry& after);

// The parts, one for each kind of document.
void validate_member(const registry&, const member&, config::mistakes&);
void validate_application(const registry&, const application&, config::mistakes&);
void validate_client(const registry&, const application&, const client&, config::mistakes&);
void validate_mapping(const registry&, const mapping&, config::mistakes&);
// Members that could be taken for each other, by name or domain.
void validate_names(const registry&, config::mistakes&);
// Grants, withdrawals, constraints and exceptions.
void validate_rights(const registry&, config::mistakes&);
// That withdrawals are of members and roles that are there.
void validate_withdrawals(const registry&, config::mistakes&);

// Null for a role that no catalogue has.
[[nodiscard]] const role* find_role(const registry&, const role_name&) noexcept;
// Every role that it includes, through others too; sorted, without itself.
[[nodiscard]] std::vector<role_name> included_roles(const registry&, const role_name&);
// The role, or one that it includes, is such.
[[nodiscard]] bool any_included(const registry&, const role_name&,
                                const std::function<bool(const role&)>& test);
// The role or one that it includes is sensitive: giving it takes two persons.
[[nodiscard]] bool needs_second_person(const registry&, const role_name&);
// The role or one that it includes is the association's alone to hand out.
[[nodiscard]] bool is_association_only(const registry&, const role_name&);
// `; did you mean "..."?`, or nothing if none is near.
[[nodiscard]] std::string suggested_role(const registry&, const role_name&);
[[nodiscard]] std::string suggested_member(const registry&, const member_slug&);
// Last day not before the first; agreements only of members that are named.
template <class Rule>
[[nodiscard]] std::vector<std::string> wrong_days_and_members(const registry& all,
                                                              const Rule& rule) {
    std::vector<std::string> wrong;
    if (rule.from && rule.until && *rule.until < *rule.from)
        wrong.push_back("until " + to_string(*rule.until) + " is before from " +
                        to_string(*rule.from));
    for (const auto& slug : rule.for_members) {
        if (!all.members.contains(slug))
            wrong.push_back("for_members: unknown member \"" + slug.str() + "\"" +
                            suggested_member(all, slug));
    }
    for (const auto& slug : rule.agreed) {
        if (std::find(rule.for_members.begin(), rule.for_members.end(), slug) ==
            rule.for_members.end())
            wrong.push_back("agreed: member \"" + slug.str() + "\" stands not in for_members");
    }
    return wrong;
}

}  // namespace kommpass::policies
