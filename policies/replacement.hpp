#pragma once

#include "policies/registry.hpp"

#include <set>
#include <string>
#include <vector>

// What cannot be had back once it is gone, when one registry follows another: a folder that is
// applied, an earlier revision that comes back. A file that was renamed by mistake must not cost a
// member its people, nor an application the names by which it knows them. Pure.
namespace kommpass::policies {

// What may go, because whoever asks for it said so by name.
struct named_losses {
    std::set<member_slug> members;
    std::set<std::string> withdrawals;  // their ids
    std::set<client_id> subjects;       // whose persons all become other ones
};

// Takes over the withdrawals that `wanted` has not, but for those that are named. They outlive
// member and role: when these come back, so does what a review took away.
void keep_withdrawals(const registry& current, const std::set<std::string>& named,
                      registry& wanted);

// A client that stays and sees every person under another pairwise subject, or under another kind
// of it: for the application all its people are strangers then. Clients that come or go are none.
struct changed_subjects {
    client_id client;
    std::string was;  // the sector that its subjects were made for; empty: public ones
    std::string is;

    // "client \"dms-web\": every person gets another subject, ...; to keep them: sector = \"dms\""
    [[nodiscard]] std::string to_string() const;
};
[[nodiscard]] std::vector<changed_subjects> subjects_that_change(const registry& before,
                                                                 const registry& after);

// Members that `after` no longer has, each with what goes with it: "zwei: 3 grants, 1 mapping".
struct leaving_member {
    member_slug slug;
    std::string what;
};
[[nodiscard]] std::vector<leaving_member> members_that_go(const registry& before,
                                                          const registry& after);

// Withdrawals that `after` no longer has, or has of another person or role: "review-1: dms.lesen of
// P-anna (zwei)".
[[nodiscard]] std::vector<std::pair<std::string, std::string>> withdrawals_that_go(
    const registry& before, const registry& after);

}  // namespace kommpass::policies
