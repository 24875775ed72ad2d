#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/store/person.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

// A member has replaced its directory: every entry has a new immutable id. Persons are found again
// by what was remembered of their employee number or mail address, and keep their person id, so
// that applications see the same subjects. Pure.
namespace kommpass::idp::sessions {

// An entry of the new directory, with the keyed hash of the attribute that ties.
struct new_entry {
    directory_id id;
    std::string login_name;
    std::string value_hash;  // empty: the entry lacks the attribute
};

struct retie_plan {
    struct match {
        store::person person;
        new_entry entry;
    };
    std::vector<match> matches;
    std::vector<store::person> unchanged;  // their id is an entry's here already
    // One value that several persons or several entries have: nobody is guessed at.
    std::vector<store::person> doubles;
    std::vector<store::person> misses;  // no entry has what is remembered of them, or nothing is
    // Whose entry has signed in as a new person already; that one would have to go first.
    std::vector<store::person> taken;
};

[[nodiscard]] retie_plan plan_retie(const std::vector<store::person>& persons,
                                    const std::vector<std::pair<person_id, std::string>>& ties,
                                    const std::vector<new_entry>& entries);

}  // namespace kommpass::idp::sessions
