#include "policies/mapping_index.hpp"
#include "policies/registry_files.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text.append(between);
        text.append(part);
    }
    return text;
}

// The sentences in both languages, side by side.
class speech {
public:
    explicit speech(language lang) : german_(lang == language::de) {}

    std::string operator()(std::string german, std::string english) const {
        return german_ ? std::move(german) : std::move(english);
    }

    std::string title(const role& one) const {
        const auto& text = german_ || one.title.en.empty() ? one.title.de : one.title.en;
        return one.name.str() + " (" + text + ")";
    }

    std::string reason(const provenance& why) const {
        std::vector<std::string> parts;
        if (!why.group.empty()) {
            const auto way = why.group_path.empty()
                                 ? std::string()
                                 : (*this)(" über ", " through ") + joined(why.group_path, " → ");
            parts.push_back((*this)("Mitglied der Gruppe ", "member of group ") + why.group + way);
        }
        if (!why.attribute.empty())
            parts.push_back((*this)("Attribut ", "attribute ") + why.attribute);
        if (!why.within.empty())
            parts.push_back((*this)("Eintrag unterhalb von ", "entry below ") + why.within);
        return joined(parts, (*this)(" und ", " and ")) + (*this)("; Regel ", "; mapping ") +
               why.mapping;
    }

    std::string scope(const std::vector<member_slug>& members, const member_slug& own) const {
        if (members.size() == 1 && members.front() == own) return {};
        std::vector<std::string> names;
        for (const auto& one : members) names.push_back(one.str());
        return (*this)("; gilt für ", "; holds for ") + joined(names, ", ");
    }

private:
    bool german_;
};

class explanation {
public:
    explanation(const snapshot& all, const identity& who, const application& wanted, language lang)
        : all_(all),
          who_(who),
          wanted_(wanted),
          say_(lang),
          person_(who),
          index_(all.documents().mappings) {}

    std::vector<std::string> sentences() {
        const auto decision = all_.decide(who_, wanted_);
        verdict(decision);
        if (who_.groups_cut_off) {
            lines_.push_back(say_(
                "Achtung: Das Verzeichnis hat nicht alle Gruppen genannt; eine Grenze des Servers "
                "wurde erreicht.",
                "Note: the directory did not name all groups; a limit of the server was reached."));
        }
        for (const auto& held : decision.roles) explain_held(held);
        for (const auto& one : wanted_.roles) {
            if (!is_held(decision, one.name)) explain_missing(one);
        }
        return std::move(lines_);
    }

private:
    std::string person() const {
        return (who_.display_name.empty() ? who_.login_name : who_.display_name) + " (" +
               who_.member.str() + ")";
    }

    void verdict(const access_decision& decision) {
        const auto app = wanted_.name.de;
        switch (decision.verdict) {
            case access::granted:
                lines_.push_back(say_(person() + " darf " + app + " benutzen und hat " +
                                          std::to_string(decision.roles.size()) + " Rollen.",
                                      person() + " may use " + app + " and holds " +
                                          std::to_string(decision.roles.size()) + " roles."));
                break;
            case access::not_subscribed:
                lines_.push_back(say_(person() + " darf " + app + " nicht benutzen: " +
                                          who_.member.str() + " hat die Anwendung nicht gebucht.",
                                      person() + " may not use " + app + ": " + who_.member.str() +
                                          " has no subscription."));
                break;
            case access::no_role:
                lines_.push_back(say_(
                    person() + " darf " + app + " nicht benutzen: keine Regel gibt eine Rolle.",
                    person() + " may not use " + app + ": no mapping gives a role."));
                break;
        }
    }

    static bool is_held(const access_decision& decision, const role_name& name) {
        return std::any_of(decision.roles.begin(), decision.roles.end(),
                           [&](const auto& held) { return held.name == name; });
    }

    void explain_held(const effective_role& held) {
        const auto found = std::find_if(wanted_.roles.begin(), wanted_.roles.end(),
                                        [&](const role& one) { return one.name == held.name; });
        const auto title = found == wanted_.roles.end() ? held.name.str() : say_.title(*found);
        for (const auto& why : held.because) {
            lines_.push_back("+ " + title + ": " + say_.reason(why) +
                             say_.scope(held.for_members, who_.member));
        }
    }

    void explain_missing(const role& one) {
        bool any = false;
        for (const auto& candidate : index_.all()) {
            const auto& roles = candidate.rule->roles;
            if (std::find(roles.begin(), roles.end(), one.name) == roles.end()) continue;
            if (candidate.rule->member && *candidate.rule->member != who_.member) continue;
            any = true;
            lines_.push_back("- " + say_.title(one) + ": " + missing_of(candidate));
        }
        if (!any) {
            lines_.push_back("- " + say_.title(one) + ": " +
                             say_("keine Regel gibt diese Rolle an " + who_.member.str(),
                                  "no mapping gives this role to " + who_.member.str()));
        }
    }

    // Which of a mapping's conditions this person does not meet; all of them if the subscription is
    // what lacks.
    std::string missing_of(const compiled_mapping& candidate) {
        const auto& rule = *candidate.rule;
        std::vector<std::string> lacking;
        auto one_condition = candidate;
        one_condition.attribute.clear();
        one_condition.within.reset();
        if (!candidate.group_key.empty() && !judge(one_condition, person_)) {
            lacking.push_back(say_("nicht Mitglied der Gruppe " + rule.group,
                                   "not a member of group " + rule.group));
        }
        one_condition = candidate;
        one_condition.group_key.clear();
        one_condition.within.reset();
        if (!candidate.attribute.empty() && !judge(one_condition, person_)) {
            lacking.push_back(
                say_("Attribut " + rule.attribute + " ist nicht " + rule.attribute_value,
                     "attribute " + rule.attribute + " is not " + rule.attribute_value));
        }
        one_condition = candidate;
        one_condition.group_key.clear();
        one_condition.attribute.clear();
        if (candidate.within && !judge(one_condition, person_)) {
            lacking.push_back(say_("Eintrag liegt nicht unterhalb von " + rule.within,
                                   "entry is not below " + rule.within));
        }
        if (lacking.empty())
            lacking.push_back(say_("alle Bedingungen erfüllt, aber die Anwendung ist nicht gebucht",
                                   "all conditions are met, but there is no subscription"));
        return joined(lacking, say_(" und ", " and ")) + say_("; Regel ", "; mapping ") + rule.id;
    }

    const snapshot& all_;
    const identity& who_;
    const application& wanted_;
    speech say_;
    judged_identity person_;
    mapping_index index_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> explain(const snapshot& all, const identity& who,
                                 const application& wanted, language lang) {
    return explanation(all, who, wanted, lang).sentences();
}

}  // namespace kommpass::policies
