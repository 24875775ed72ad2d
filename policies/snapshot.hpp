#pragma once

#include "config/vocabulary/identity.hpp"
#include "policies/registry.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::policies {

// Why a person holds a role: the mapping and what of the person it matched.
struct provenance {
    std::string mapping;                  // its id
    std::string group;                    // the group's name, if a group matched
    std::vector<std::string> group_path;  // nested groups between person and group, nearest first
    std::string attribute;                // "department=Meldeamt", if an attribute matched
    std::string within;                   // the base, if the place matched
    friend bool operator==(const provenance&, const provenance&) = default;
};

struct effective_role {
    role_name name;
    std::vector<member_slug>
        for_members;  // sorted; the person's own member unless the mapping names others
    std::vector<provenance> because;  // every rule that gives it
};

enum class access { granted, not_subscribed, no_role };

struct access_decision {
    access verdict;
    std::vector<effective_role>
        roles;  // of this application only, sorted by name; empty unless granted
};

struct client_entry {
    const client* registered;
    const application* owner;
};

// The compiled registry: immutable, shared by all threads. Pointers into it live as long as it
// does; a request holds the shared_ptr once and everything it reads is of one revision.
class snapshot {
public:
    virtual ~snapshot() = default;
    [[nodiscard]] virtual const registry& documents() const noexcept = 0;
    [[nodiscard]] virtual long long revision() const noexcept = 0;
    [[nodiscard]] virtual const member* find_member(const member_slug&) const noexcept = 0;
    // `domain` in any case; nullptr where no member has it.
    [[nodiscard]] virtual const member* member_of_domain(
        std::string_view domain) const noexcept = 0;
    // Sorted for people: by name, with German and Sorbian letters where one looks for them.
    [[nodiscard]] virtual const std::vector<const member*>& members_by_name() const noexcept = 0;
    [[nodiscard]] virtual const application* find_application(
        const application_key&) const noexcept = 0;
    // Nothing (both null) for an unknown client.
    [[nodiscard]] virtual client_entry find_client(std::string_view id) const noexcept = 0;
    // Cost follows the person's groups, not the number of rules.
    [[nodiscard]] virtual access_decision decide(const identity&, const application&) const = 0;
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

}  // namespace kommpass::policies
