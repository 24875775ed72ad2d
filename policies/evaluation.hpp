#pragma once

#include "config/vocabulary/identity.hpp"
#include "policies/registry.hpp"

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kommpass::policies {

// Whose roles are asked for, and for which day.
struct evaluated_person {
    const identity& who;
    person_id id;  // empty: nobody knows this person yet, who has no grants then
    day today;
};

// Which revision made a document what it is.
struct authorship {
    long long revision = 0;
    instant at{};
    std::string who;
    std::string why;
};
// By document: "mappings/lebus-meldeamt", "grants/...".
using authorships = std::map<std::string, authorship, std::less<>>;

// Why a person holds a role: the mapping or grant, and what of the person it matched.
struct provenance {
    std::string mapping;                  // its id; empty: a grant
    std::string grant;                    // its id; empty: a mapping
    std::string group;                    // the group's name, if a group matched
    std::vector<std::string> group_path;  // nested groups between person and group, nearest first
    std::string attribute;                // "department=Meldeamt", if an attribute matched
    std::string within;                   // the base, if the place matched
    std::vector<role_name> through;       // composite roles that include this one, outermost first
    std::vector<member_slug> for_members;
    std::optional<day> from;  // the rule's own days
    std::optional<day> until;

    // "mappings/..." or "grants/...": as `authorship` is found.
    [[nodiscard]] std::string document() const {
        return mapping.empty() ? "grants/" + grant : "mappings/" + mapping;
    }
    friend bool operator==(const provenance&, const provenance&) = default;
};

struct effective_role {
    role_name name;
    std::vector<member_slug>
        for_members;  // sorted; the person's own member unless the rules name others
    std::vector<provenance> because;  // every rule that gives it
};

// Two roles that one person must not hold together, and would.
struct conflict {
    std::string constraint;
    role_name first;
    role_name second;
    std::vector<member_slug> for_members;  // for whom both would hold
    conflict_resolution resolution = conflict_resolution::deny_both;
    std::string exception;  // its id, where one allows it; then nothing is denied
    friend auto operator<=>(const conflict&, const conflict&) = default;
};

// A role that a rule gives and that the person does not hold all the same, for these members.
struct withheld_role {
    enum class reason { withdrawn, conflict, not_agreed };
    role_name name;
    reason why = reason::conflict;
    std::string document;  // id of the withdrawal or constraint; of the rule, if not agreed
    std::vector<member_slug> for_members;
};

struct evaluation {
    std::vector<effective_role> roles;  // sorted by name
    std::vector<conflict> conflicts;    // sorted
    std::vector<withheld_role> withheld;
};

// Normalised names of groups, parsed once for many persons.
using parsed_groups = std::unordered_map<std::string, std::string>;

}  // namespace kommpass::policies
