#include "idp/sessions/retie.hpp"

#include "idp/store/persons.hpp"

#include <set>

namespace kommpass::idp::sessions {

retie_plan plan_retie(const std::vector<store::person>& persons,
                      const std::vector<std::pair<person_id, std::string>>& ties,
                      const std::vector<new_entry>& entries) {
    const std::map<person_id, std::string> tie_of(ties.begin(), ties.end());
    std::multimap<std::string, const new_entry*> by_value;
    std::set<directory_id> here;
    for (const auto& entry : entries) {
        here.insert(entry.id);
        if (!entry.value_hash.empty()) by_value.emplace(entry.value_hash, &entry);
    }
    std::set<directory_id> in_use;
    std::map<std::string, int> claims;  // how many persons that are looked for have this value
    for (const auto& person : persons) {
        in_use.insert(person.directory);
        const auto tie = tie_of.find(person.id);
        if (tie != tie_of.end() && !here.contains(person.directory)) ++claims[tie->second];
    }

    retie_plan plan;
    for (const auto& person : persons) {
        const auto tie = tie_of.find(person.id);
        if (here.contains(person.directory)) {
            plan.unchanged.push_back(person);
        } else if (tie == tie_of.end() || by_value.count(tie->second) == 0) {
            plan.misses.push_back(person);
        } else if (by_value.count(tie->second) > 1 || claims[tie->second] > 1) {
            plan.doubles.push_back(person);
        } else {
            const auto& entry = *by_value.find(tie->second)->second;
            if (in_use.contains(entry.id))
                plan.taken.push_back(person);
            else
                plan.matches.push_back({person, entry});
        }
    }
    return plan;
}

}  // namespace kommpass::idp::sessions
