#include "idp/sessions/person_ties.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/person_tie.hpp"
#include "idp/store/persons.hpp"

namespace kommpass::idp::sessions {

std::string tie_hash(const jose::key_ring& keys, const member_slug& member,
                     std::string_view attribute, std::string_view value) {
    return keys.keyed_hash("person-tie",
                           member.str() + "\n" + lower_case(attribute) + "\n" + prepared(value));
}

std::vector<store::person_tie> ties_of(const identity& who, const jose::key_ring& keys) {
    std::vector<store::person_tie> ties;
    for (const auto& [attribute, value] : who.ties)
        ties.push_back({attribute, tie_hash(keys, who.member, attribute, value)});
    return ties;
}

}  // namespace kommpass::idp::sessions
