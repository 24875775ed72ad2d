#pragma once

#include "policies/snapshot.hpp"

#include <string>
#include <vector>

namespace kommpass::policies {

// A role for one member, as it is gained or lost.
struct scoped_role {
    role_name role;
    member_slug for_member;
    friend auto operator<=>(const scoped_role&, const scoped_role&) = default;
};

// What a draft changes for one person.
struct person_effect {
    directory_id directory;
    person_id person;  // empty for somebody who never signed in
    std::string login_name;
    std::string display_name;
    std::vector<scoped_role> gains;
    std::vector<scoped_role> loses;
    std::vector<conflict> new_conflicts;  // without an exception
};

struct simulated {
    std::size_t persons = 0;  // judged
    std::vector<person_effect> effects;
    std::size_t conflicts = 0;  // new ones, over all persons
};

// Judges a draft registry against the one in force, person by person. One thread at a time.
class simulation {
public:
    simulation(snapshot_ptr in_force, snapshot_ptr draft, day today);
    // `id` empty: somebody who never signed in.
    void take(const identity&, const person_id& id);
    [[nodiscard]] const simulated& result() const noexcept { return result_; }

private:
    snapshot_ptr in_force_;
    snapshot_ptr draft_;
    day today_;
    parsed_groups parsed_;
    simulated result_;
};

}  // namespace kommpass::policies
