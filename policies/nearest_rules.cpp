#include "policies/evaluator.hpp"
#include "policies/speech.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

bool names(const std::vector<role_name>& roles, const role_name& one) {
    return std::find(roles.begin(), roles.end(), one) != roles.end();
}

class search {
public:
    search(const snapshot& all, const evaluated_person& person, language lang)
        : all_(all),
          person_(person),
          judged_(person.who),
          catalogue_(all.documents()),
          say_(lang),
          lang_(lang) {}

    std::vector<near_rule> run(const role_name& wanted) {
        std::vector<near_rule> found;
        const mapping_index index(all_.documents().mappings);
        for (const auto& candidate : index.all()) {
            const auto& rule = *candidate.rule;
            if (rule.member && *rule.member != person_.who.member) continue;
            if (const auto gives = giving(rule.roles, wanted))
                add(found, "mappings/" + rule.id, *gives, missing_of(candidate));
        }
        for (const auto& [id, one] : all_.documents().grants) {
            if (person_.id.empty() || one.person != person_.id || one.member != person_.who.member)
                continue;
            if (const auto gives = giving({one.role}, wanted))
                add(found, "grants/" + id, *gives, missing_of(one));
        }
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
            return a.lacking.size() < b.lacking.size();
        });
        return found;
    }

private:
    // The rule's role that is the wanted one or includes it.
    std::optional<role_name> giving(const std::vector<role_name>& roles, const role_name& wanted) {
        if (names(roles, wanted)) return wanted;
        for (const auto& outer : roles) {
            const auto& included = catalogue_.included_by(outer);
            if (std::any_of(included.begin(), included.end(),
                            [&](const auto& one) { return one.name == wanted; }))
                return outer;
        }
        return std::nullopt;
    }

    static void add(std::vector<near_rule>& into, std::string document, const role_name& gives,
                    std::vector<std::string> lacking) {
        if (!lacking.empty()) into.push_back({std::move(document), gives, std::move(lacking)});
    }

    template <class Rule>
    void add_state(const Rule& rule, std::vector<std::string>& lacking) const {
        if (rule.state == grant_state::requested)
            lacking.push_back(
                say_("beantragt, aber noch nicht freigegeben", "asked for, but not approved yet"));
    }

    template <class Rule>
    void add_days(const Rule& rule, std::vector<std::string>& lacking) const {
        if (rule.from && person_.today < *rule.from)
            lacking.push_back(say_("gilt erst ab ", "holds only from ") +
                              day_text(*rule.from, lang_));
        if (rule.until && *rule.until < person_.today)
            lacking.push_back(say_("galt nur bis ", "held only until ") +
                              day_text(*rule.until, lang_));
    }

    std::vector<std::string> missing_of(const grant& one) const {
        std::vector<std::string> lacking;
        add_state(one, lacking);
        add_days(one, lacking);
        return lacking;
    }

    std::vector<std::string> missing_of(const compiled_mapping& candidate) const {
        const auto& rule = *candidate.rule;
        std::vector<std::string> lacking;
        auto one_condition = candidate;
        one_condition.attribute.clear();
        one_condition.within.reset();
        if (!candidate.group_key.empty() && !judge(one_condition, judged_))
            lacking.push_back(say_("nicht Mitglied der Gruppe ", "not a member of group ") +
                              rule.group);
        one_condition = candidate;
        one_condition.group_key.clear();
        one_condition.within.reset();
        if (!candidate.attribute.empty() && !judge(one_condition, judged_))
            lacking.push_back(say_("Attribut ", "attribute ") + rule.attribute +
                              say_(" ist nicht ", " is not ") + rule.attribute_value);
        one_condition = candidate;
        one_condition.group_key.clear();
        one_condition.attribute.clear();
        if (candidate.within && !judge(one_condition, judged_))
            lacking.push_back(say_("Eintrag liegt nicht unterhalb von ", "entry is not below ") +
                              rule.within);
        add_state(rule, lacking);
        add_days(rule, lacking);
        return lacking;
    }

    const snapshot& all_;
    const evaluated_person& person_;
    judged_identity judged_;
    role_catalogue catalogue_;
    speech say_;
    language lang_;
};

}  // namespace

std::vector<near_rule> nearest_rules(const snapshot& all, const evaluated_person& person,
                                     const role_name& wanted, language lang, std::size_t limit) {
    auto found = search(all, person, lang).run(wanted);
    if (found.size() > limit) found.resize(limit);
    return found;
}

}  // namespace kommpass::policies
