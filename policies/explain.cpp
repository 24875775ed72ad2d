#include "policies/explain.hpp"

#include "policies/speech.hpp"

#include <algorithm>
#include <cstdio>

namespace kommpass::policies {
namespace {

class explanation {
public:
    explanation(const snapshot& all, const evaluated_person& person, const application& wanted,
                language lang)
        : all_(all), person_(person), wanted_(wanted), lang_(lang), say_(lang) {}

    std::vector<std::string> sentences() {
        const auto decision = all_.decide(person_, wanted_);
        const auto everything = all_.evaluate(person_);
        verdict(decision);
        if (person_.who.groups_cut_off) {
            lines_.push_back(say_(
                "Achtung: Das Verzeichnis hat nicht alle Gruppen genannt; eine Grenze des Servers "
                "wurde erreicht.",
                "Note: the directory did not name all groups; a limit of the server was reached."));
        }
        const auto prefix = wanted_.key.str() + ".";
        for (const auto& held : everything.roles) {
            if (held.name.view().starts_with(prefix)) explain_held(held);
        }
        for (const auto& one : everything.withheld) {
            if (one.name.view().starts_with(prefix))
                lines_.push_back("! " + title(one.name) + ": " + sentence(one, lang_));
        }
        for (const auto& one : wanted_.roles) {
            const auto same = [&](const auto& other) { return other.name == one.name; };
            if (std::none_of(everything.roles.begin(), everything.roles.end(), same))
                explain_missing(one);
        }
        return std::move(lines_);
    }

private:
    std::string title(const role_name& name) const {
        const auto* known = all_.find_role(name);
        return known == nullptr ? name.str()
                                : name.str() + " (" + text_in(known->title, lang_) + ")";
    }

    void verdict(const access_decision& decision) {
        const auto& who = person_.who;
        const auto person = (who.display_name.empty() ? who.login_name : who.display_name) + " (" +
                            who.member.str() + ")";
        const auto& app = text_in(wanted_.name, lang_);
        if (decision.verdict == access::not_subscribed) {
            lines_.push_back(say_(person + " darf " + app + " nicht benutzen: " + who.member.str() +
                                      " hat die Anwendung nicht gebucht.",
                                  person + " may not use " + app + ": " + who.member.str() +
                                      " has no subscription."));
        } else if (decision.verdict != access::granted) {
            lines_.push_back(
                say_(person + " darf " + app + " nicht benutzen: keine Regel gibt eine Rolle.",
                     person + " may not use " + app + ": no mapping gives a role."));
        } else {
            const auto count = std::to_string(decision.roles.size());
            lines_.push_back(
                say_(person + " darf " + app + " benutzen und hat " + count + " Rollen.",
                     person + " may use " + app + " and holds " + count + " roles."));
        }
    }

    void explain_held(const effective_role& held) {
        for (const auto& why : held.because) {
            lines_.push_back("+ " + title(held.name) + ": " + sentence(all_, why, lang_) +
                             scope(held.for_members));
        }
    }

    std::string scope(const std::vector<member_slug>& members) const {
        if (members.size() == 1 && members.front() == person_.who.member) return {};
        return say_("; gilt für ", "; holds for ") + joined(members);
    }

    void explain_missing(const role& one) {
        const auto start = "- " + title(one.name) + ": ";
        const auto near = nearest_rules(all_, person_, one.name, lang_);
        for (const auto& rule : near) {
            lines_.push_back(start + joined(rule.lacking, say_(" und ", " and ")) +
                             say_("; Regel ", "; mapping ") +
                             rule.document.substr(rule.document.find('/') + 1));
        }
        if (!near.empty()) return;
        lines_.push_back(start + say_("keine Regel gibt diese Rolle an " + person_.who.member.str(),
                                      "no mapping gives this role to " + person_.who.member.str()));
    }

    const snapshot& all_;
    const evaluated_person& person_;
    const application& wanted_;
    language lang_;
    speech say_;
    std::vector<std::string> lines_;
};

std::string days(const provenance& why, const speech& say, language lang) {
    std::string text;
    if (why.from) text += say(", ab ", ", from ") + day_text(*why.from, lang);
    if (why.until) text += say(", bis ", ", until ") + day_text(*why.until, lang);
    return text;
}

std::string author(const snapshot& all, const provenance& why, const speech& say, language lang) {
    const auto* made = all.author_of(why.document());
    if (made == nullptr) return {};
    return " (Revision " + std::to_string(made->revision) + ", " +
           day_text(local_day_of(made->at), lang) + say(", von ", ", by ") + made->who +
           (made->why.empty() ? "" : ": " + made->why) + ")";
}

}  // namespace

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text.append(between);
        text.append(part);
    }
    return text;
}

std::string joined(const std::vector<member_slug>& members) {
    std::vector<std::string> names;
    for (const auto& one : members) names.push_back(one.str());
    return joined(names, ", ");
}

std::string day_text(day one, language lang) {
    const auto iso = to_string(one);
    if (lang == language::en) return iso;
    return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4);
}

const std::string& text_in(const localized_text& text, language lang) noexcept {
    return lang != language::en || text.en.empty() ? text.de : text.en;
}

std::string sentence(const snapshot& all, const provenance& why, language lang) {
    const speech say(lang);
    std::vector<std::string> parts;
    if (!why.group.empty()) {
        const auto way = why.group_path.empty()
                             ? std::string()
                             : say(" über ", " through ") + joined(why.group_path, " → ");
        parts.push_back(say("Mitglied der Gruppe ", "member of group ") + why.group + way);
    }
    if (!why.attribute.empty()) parts.push_back(say("Attribut ", "attribute ") + why.attribute);
    if (!why.within.empty())
        parts.push_back(say("Eintrag unterhalb von ", "entry below ") + why.within);
    auto text = joined(parts, say(" und ", " and "));
    text += why.mapping.empty()
                ? say("direkt vergeben, Vergabe ", "granted directly, grant ") + why.grant
                : say("; Regel ", "; mapping ") + why.mapping;
    if (!why.through.empty()) {
        std::vector<std::string> names;
        for (const auto& one : why.through) names.push_back(one.str());
        text += say("; enthalten in ", "; included in ") + joined(names, " → ");
    }
    return text + days(why, say, lang) + author(all, why, say, lang);
}

std::string sentence(const withheld_role& held_back, language lang) {
    const speech say(lang);
    const auto members = joined(held_back.for_members);
    switch (held_back.why) {
        case withheld_role::reason::withdrawn:
            return say("entzogen, Entzug ", "withdrawn, withdrawal ") + held_back.document;
        case withheld_role::reason::not_agreed:
            return say("gilt nicht für ", "does not hold for ") + members +
                   say(": dort hat niemand zugestimmt (", ": nobody there agreed (") +
                   held_back.document + ")";
        case withheld_role::reason::conflict:
            break;
    }
    return say("unvereinbar mit einer anderen Rolle, Regel ",
               "incompatible with another role, constraint ") +
           held_back.document + say("; betrifft ", "; concerns ") + members;
}

std::string sentence(const conflict& one, language lang) {
    const speech say(lang);
    const auto roles = one.first.str() + say(" und ", " and ") + one.second.str();
    const auto rule = say(" sind unvereinbar (", " are incompatible (") + one.constraint + ")";
    const auto end =
        one.exception.empty() ? std::string() : say("; Ausnahme ", "; exception ") + one.exception;
    return roles + rule + say(" für ", " for ") + joined(one.for_members) + end;
}

std::vector<std::string> explain(const snapshot& all, const evaluated_person& person,
                                 const application& wanted, language lang) {
    return explanation(all, person, wanted, lang).sentences();
}

}  // namespace kommpass::policies
