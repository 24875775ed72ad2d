#pragma once

#include "config/vocabulary/identity.hpp"
#include "policies/evaluation.hpp"
#include "policies/registry.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::policies {

// How and from where a person has signed in.
struct sign_in_circumstances {
    std::string_view acr;
    std::chrono::seconds age{0};
    std::string_view address;  // of the browser; empty: unknown, and in no network
};

enum class access {
    granted,
    not_subscribed,
    no_role,
    weak_sign_in,   // none of the application's `require_acr`
    old_sign_in,    // older than `longest_sign_in_age`; a new one helps
    wrong_network,  // from none of the application's `networks`
};

[[nodiscard]] std::string_view name_of(access) noexcept;  // "no_role": in records and to clients

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
    // The revision that made the document what it is; null where nobody kept it.
    [[nodiscard]] virtual const authorship* author_of(std::string_view document) const noexcept = 0;
    [[nodiscard]] virtual const member* find_member(const member_slug&) const noexcept = 0;
    // Null as well for one whose directory is still being set up.
    [[nodiscard]] const member* find_active_member(const member_slug& slug) const noexcept {
        const auto* found = find_member(slug);
        return found != nullptr && found->active ? found : nullptr;
    }
    // `domain` in any case; nullptr where no active member has it.
    [[nodiscard]] virtual const member* member_of_domain(
        std::string_view domain) const noexcept = 0;
    // Sorted for people: by name, with German and Sorbian letters where one looks for them.
    [[nodiscard]] virtual const std::vector<const member*>& members_by_name() const noexcept = 0;
    [[nodiscard]] virtual const application* find_application(
        const application_key&) const noexcept = 0;
    // Null for a role that no catalogue has.
    [[nodiscard]] virtual const role* find_role(const role_name&) const noexcept = 0;
    // Nothing (both null) for an unknown client, and one that waits for approval.
    [[nodiscard]] virtual client_entry find_client(std::string_view id) const noexcept = 0;
    [[nodiscard]] virtual bool is_subscribed(const member_slug&,
                                             const application_key&) const noexcept = 0;

    // All roles in all applications. Cost follows what the person has, not the number of rules.
    // `parsed`: shared by evaluations of many persons, one thread at a time; may be null.
    [[nodiscard]] virtual evaluation evaluate(const evaluated_person&,
                                              parsed_groups* parsed = nullptr) const = 0;
    // `how` null: a sign-in that was judged before, as at a refresh.
    [[nodiscard]] virtual access_decision decide(
        const evaluated_person&, const application&,
        const sign_in_circumstances* how = nullptr) const = 0;
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

}  // namespace kommpass::policies
