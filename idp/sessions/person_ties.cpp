#include "idp/sessions/person_ties.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "idp/store/persons.hpp"

namespace kommpass::idp::sessions {

std::string tie_hash(const jose::key_ring& keys, const member_slug& member,
                     std::string_view attribute, std::string_view value) {
    const auto first = value.find_first_not_of(' ');
    const auto last = value.find_last_not_of(' ');
    const auto trimmed = first == std::string_view::npos ? std::string_view()
                                                         : value.substr(first, last - first + 1);
    return keys.keyed_hash(
        "person-tie", member.str() + "\n" + lower_case(attribute) + "\n" + folded_name(trimmed));
}

std::vector<store::person_tie> ties_of(const identity& who, const jose::key_ring& keys) {
    std::vector<store::person_tie> ties;
    for (const auto& [attribute, value] : who.ties)
        ties.push_back({attribute, tie_hash(keys, who.member, attribute, value)});
    return ties;
}

}  // namespace kommpass::idp::sessions
