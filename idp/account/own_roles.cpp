#include "idp/account/own_roles.hpp"

#include "config/settings.hpp"
#include "idp/account/start_of_sign_in.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/request_context.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"
#include "policies/role_catalogue.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;

// Who stands for a rule: who gave it, who approved it, which members agreed.
struct standing {
    std::string given_by;
    std::string approved_by;
    std::string deputy_of;
    std::vector<member_slug> agreed;
};

standing standing_of(const policies::snapshot& registry, const policies::provenance& why) {
    standing made;
    const auto& documents = registry.documents();
    const auto take = [&](const auto& rule) {
        made.given_by = rule.asked_by;
        made.approved_by = rule.approved_by;
        made.agreed = rule.agreed;
    };
    if (const auto rule = documents.mappings.find(why.mapping); rule != documents.mappings.end())
        take(rule->second);
    const auto* author = registry.author_of(why.document());
    if (const auto grant = documents.grants.find(why.grant); grant != documents.grants.end()) {
        const auto& one = grant->second;
        take(one);
        made.deputy_of = one.deputy_of.str();
        // Who asks for themself, or for a deputy, gives nothing.
        if (made.given_by == one.person.str() || made.given_by == made.deputy_of) {
            made.given_by.clear();
            if (!one.asked_by.empty()) author = nullptr;
        }
    }
    if (made.given_by.empty() && author != nullptr) made.given_by = author->who;
    return made;
}

class telling {
public:
    telling(policies::snapshot_ptr registry, const std::string& issuer,
            const sessions::signed_in& person, web::language lang)
        : registry_(std::move(registry)),
          issuer_(issuer),
          person_(person),
          words_(lang == web::language::en ? policies::language::en : policies::language::de),
          texts_(web::catalogue::of(lang)) {}

    // Whom the entries name.
    std::vector<std::string> ids_in(const policies::evaluation& all) const {
        std::set<std::string> ids;
        for (const auto& role : all.roles) {
            for (const auto& why : role.because) {
                const auto by = standing_of(*registry_, why);
                ids.insert(by.given_by);
                ids.insert(by.approved_by);
                ids.insert(by.deputy_of);
            }
        }
        for (const auto& resting : all.withheld) {
            if (const auto* author = author_of(resting)) ids.insert(author->who);
        }
        return {ids.begin(), ids.end()};
    }
    // A name that is the id itself is nobody's: the operator of the machine, say.
    void know(const std::vector<std::string>& ids, const std::vector<admin::person_name>& names) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (names[i].display_name != ids[i]) names_[ids[i]] = names[i].display_name;
        }
    }

    std::optional<web::role_entry> entry_for(const policies::effective_role& held) const {
        auto entry = titled(held.name);
        if (!entry) return std::nullopt;
        std::vector<std::string> notes;
        if (const auto names = for_whom(held.for_members); !names.empty())
            notes.push_back(texts_.text("sessions.holds_for") + " " + names);
        if (const auto end = end_of(held))
            notes.push_back(texts_.text("sessions.until") + " " + policies::day_text(*end, words_));
        add_standing(held, notes);
        for (const auto& note : notes) entry->note += (entry->note.empty() ? "" : ", ") + note;
        const auto* application = registry_->find_application(policies::application_of(held.name));
        entry->start_uri = start_of_sign_in(*application, issuer_);
        return entry;
    }

    std::optional<web::role_entry> entry_for(const policies::withheld_role& resting) const {
        auto entry = titled(resting.name);
        if (!entry) return std::nullopt;
        entry->note = sentence(resting, words_);
        if (const auto* author = author_of(resting)) {
            entry->note += "; " + policies::day_text(local_day_of(author->at), words_);
            const auto name = names_.find(author->who);
            if (name != names_.end()) entry->note += ", " + name->second;
            entry->note += ": " + author->why;
        }
        return entry;
    }

private:
    // Who withdrew it, or made the rule that withholds it.
    const policies::authorship* author_of(const policies::withheld_role& resting) const {
        const policies::authorship* found = nullptr;
        for (const auto* kind : {"", "withdrawals/"}) {
            if (const auto* author = registry_->author_of(kind + resting.document)) found = author;
        }
        return found;
    }

    std::optional<web::role_entry> titled(const role_name& name) const {
        const auto key = policies::application_of(name);
        const auto* application = registry_->find_application(key);
        const auto* role = registry_->find_role(name);
        if (application == nullptr || role == nullptr ||
            !registry_->is_subscribed(person_.session.member, key))
            return std::nullopt;
        return web::role_entry{
            text_in(role->title, words_), text_in(application->name, words_), {}};
    }

    std::string member_name(const member_slug& slug) const {
        const auto* member = registry_->find_member(slug);
        return member != nullptr ? member->name.de : slug.str();
    }

    std::string for_whom(const std::vector<member_slug>& members) const {
        if (members.size() == 1 && members.front() == person_.session.member) return {};
        std::string names;
        for (const auto& slug : members) names += (names.empty() ? "" : ", ") + member_name(slug);
        return names;
    }

    // The latest end of all that gives it; one that never ends has none.
    static std::optional<day> end_of(const policies::effective_role& held) {
        std::optional<day> until;
        for (const auto& why : held.because) {
            if (!why.until) return std::nullopt;
            if (!until || *until < *why.until) until = why.until;
        }
        return until;
    }

    void add_standing(const policies::effective_role& held, std::vector<std::string>& notes) const {
        const auto add = [&](const char* key, const std::string& id) {
            const auto found = names_.find(id);
            if (found == names_.end()) return;
            auto note = texts_.text(key) + " " + found->second;
            if (std::find(notes.begin(), notes.end(), note) == notes.end())
                notes.push_back(std::move(note));
        };
        for (const auto& why : held.because) {
            const auto by = standing_of(*registry_, why);
            add("role_request.instead_of", by.deputy_of);
            add("sessions.given_by", by.given_by);
            add("sessions.approved_by", by.approved_by);
            for (const auto& slug : by.agreed) {
                auto note = texts_.text("sessions.agreed_by") + " " + member_name(slug);
                if (std::find(notes.begin(), notes.end(), note) == notes.end())
                    notes.push_back(std::move(note));
            }
        }
    }

    policies::snapshot_ptr registry_;
    const std::string& issuer_;
    const sessions::signed_in& person_;
    policies::language words_;
    const web::catalogue& texts_;
    std::map<std::string, std::string> names_;
};

}  // namespace

awaitable<own_roles> own_roles_of(const admin::operation_services& p,
                                  const sessions::signed_in& person, web::language lang) {
    const auto registry = p.registry.get();
    const auto all =
        registry->evaluate({person.who, person.session.person, local_day_of(p.time.now())});
    telling words(registry, p.settings.issuer, person, lang);
    auto at = admin::operation_context{p};
    const auto ids = words.ids_in(all);
    auto asked = ids;
    const auto names = co_await admin::names_of(at, std::move(asked));
    words.know(ids, names);
    own_roles made;
    for (const auto& held : all.roles) {
        if (auto entry = words.entry_for(held)) made.held.push_back(std::move(*entry));
    }
    for (const auto& resting : all.withheld) {
        if (auto entry = words.entry_for(resting)) made.resting.push_back(std::move(*entry));
    }
    co_return made;
}

}  // namespace kommpass::idp::account
