#include "idp/console/rule_facts.hpp"

#include "idp/admin/persons.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

std::string members_text(const console_request& v, const std::vector<member_slug>& members) {
    std::vector<std::string> names;
    for (const auto& one : members) names.push_back(v.member_name(one));
    return joined(names);
}

template <class Rule>
void add_days(const console_request& v, const Rule& rule, facts_list& into) {
    if constexpr (requires { rule.from; })
        into.emplace_back(v.text("console.from"), day_or_nothing(v, rule.from));
    into.emplace_back(v.text("console.until_label"), day_or_nothing(v, rule.until));
}

template <class Rule>
void add_request(const console_request& v, const Rule& rule, const shown_names& names,
                 facts_list& into) {
    into.emplace_back(v.text("console.asked_by"), name_in(names, rule.asked_by));
    into.emplace_back(v.text("console.asked_on"), day_or_nothing(v, rule.asked_on));
}

template <class Rule>
void add_approval(const console_request& v, const Rule& rule, const shown_names& names,
                  facts_list& into) {
    into.emplace_back(v.text("console.approved_by"), name_in(names, rule.approved_by));
    into.emplace_back(v.text("console.approved_on"), day_or_nothing(v, rule.approved_on));
}

// Who approves sees for whom a role is to hold, and who has agreed to that.
template <class Rule>
void add_scope(const console_request& v, const Rule& rule, facts_list& into) {
    into.emplace_back(v.text("console.holds_for"), members_text(v, rule.for_members));
    into.emplace_back(v.text("console.agreed_by"), members_text(v, rule.agreed));
}

}  // namespace

boost::asio::awaitable<shown_names> names_for(operation_context& at, std::vector<std::string> ids) {
    std::erase(ids, "");
    const auto found = co_await names_of(at, ids);
    shown_names names;
    for (std::size_t i = 0; i < ids.size(); ++i) names.emplace(ids[i], found[i].display_name);
    co_return names;
}

std::string name_in(const shown_names& names, const std::string& id) {
    const auto found = names.find(id);
    return found == names.end() ? id : found->second;
}

std::string with_names(std::string sentence, const shown_names& names) {
    for (const auto& [id, name] : names) {
        if (id.empty() || name == id) continue;
        for (auto at = sentence.find(id); at != std::string::npos; at = sentence.find(id, at)) {
            sentence.replace(at, id.size(), name);
            at += name.size();
        }
    }
    return sentence;
}

void add_authors(const policies::snapshot& registry, const policies::evaluation& all,
                 std::vector<std::string>& into) {
    for (const auto& role : all.roles) {
        for (const auto& why : role.because) {
            const auto* author = registry.author_of(why.document());
            if (author == nullptr) continue;
            if (std::find(into.begin(), into.end(), author->who) == into.end())
                into.push_back(author->who);
        }
    }
}

void add_ids(const policies::grant& one, std::vector<std::string>& into) {
    into.insert(into.end(), {one.person.str(), one.asked_by, one.approved_by, one.deputy_of.str()});
}
void add_ids(const policies::mapping& one, std::vector<std::string>& into) {
    into.insert(into.end(), {one.asked_by, one.approved_by});
}
void add_ids(const policies::constraint_exception& one, std::vector<std::string>& into) {
    into.insert(into.end(), {one.person.str(), one.asked_by, one.approved_by});
}

namespace {

// Calls `visit` with the mapping or the grant of that name, if there is one.
template <class Visit>
void visit_rule(const policies::registry& all, const std::string& document, Visit visit) {
    const auto slash = document.find('/');
    if (slash == std::string::npos) return;
    const auto folder = document.substr(0, slash);
    const auto key = document.substr(slash + 1);
    const auto look_in = [&](const auto& documents) {
        const auto found = documents.find(key);
        if (found != documents.end()) visit(found->second);
    };
    if (folder == "mappings") look_in(all.mappings);
    if (folder == "grants") look_in(all.grants);
}

}  // namespace

void add_ids(const policies::registry& all, const std::string& document,
             std::vector<std::string>& into) {
    visit_rule(all, document, [&](const auto& rule) { add_ids(rule, into); });
}

facts_list facts_of_rule(const console_request& v, const policies::snapshot& registry,
                         const std::string& document, const shown_names& names) {
    facts_list facts;
    visit_rule(registry.documents(), document,
               [&](const auto& rule) { facts = facts_of(v, registry, rule, names); });
    return facts;
}

std::string day_or_nothing(const console_request& v, const std::optional<day>& on) {
    return on ? v.day_text(*on) : std::string();
}

std::string resolution_text(const console_request& v, policies::conflict_resolution how) {
    using policies::conflict_resolution;
    return v.text(how == conflict_resolution::deny_both    ? "console.deny_both"
                  : how == conflict_resolution::deny_newer ? "console.deny_newer"
                                                           : "console.report");
}

std::string role_text(const console_request& v, const policies::snapshot& registry,
                      const role_name& name) {
    const auto* role = registry.find_role(name);
    const auto lang = v.lang == web::language::en ? policies::language::en : policies::language::de;
    auto text = role == nullptr ? name.str() : text_in(role->title, lang) + " (" + name.str() + ")";
    std::vector<std::string> inner;
    for (const auto& one : policies::included_roles(registry.documents(), name))
        inner.push_back(one.str());
    if (!inner.empty()) text += "; " + v.text("console.includes") + " " + joined(inner);
    if (policies::needs_second_person(registry.documents(), name))
        text += "; " + v.text("console.sensitive");
    return text;
}

facts_list facts_of(const console_request& v, const policies::snapshot& registry,
                    const policies::grant& one, const shown_names& names) {
    facts_list all{{v.text("console.document_id"), one.id},
                   {v.text("console.person"), name_in(names, one.person.str())},
                   {v.text("console.member"), v.member_name(one.member)},
                   {v.text("console.role"), role_text(v, registry, one.role)}};
    add_scope(v, one, all);
    all.emplace_back(v.text("console.deputy_of"), name_in(names, one.deputy_of.str()));
    add_days(v, one, all);
    all.emplace_back(v.text("console.reason"), one.reason);
    add_request(v, one, names, all);
    add_approval(v, one, names, all);
    return all;
}

facts_list facts_of(const console_request& v, const policies::snapshot& registry,
                    const policies::mapping& one, const shown_names& names) {
    std::vector<std::string> roles;
    for (const auto& role : one.roles) roles.push_back(role_text(v, registry, role));
    facts_list all{
        {v.text("console.document_id"), one.id},
        {v.text("console.whose_people"),
         one.member ? v.member_name(*one.member) : v.text("console.everyone")},
        {v.text("console.group"), one.group},
        {v.text("console.attribute"),
         one.attribute.empty() ? std::string() : one.attribute + " = " + one.attribute_value},
        {v.text("console.within"), one.within},
        {v.text("console.gives"), joined(roles, " · ")}};
    add_scope(v, one, all);
    add_days(v, one, all);
    all.emplace_back(v.text("console.note"), one.note);
    // What gives no sensitive role has no request: whoever made it what it is asks.
    const auto* author = registry.author_of("mappings/" + one.id);
    if (author != nullptr) all.emplace_back(v.text("console.reason"), author->why);
    if (one.asked_by.empty() && author != nullptr) {
        all.emplace_back(v.text("console.asked_by"), name_in(names, author->who));
        all.emplace_back(v.text("console.asked_on"), v.day_text(local_day_of(author->at)));
    } else {
        add_request(v, one, names, all);
    }
    add_approval(v, one, names, all);
    return all;
}

facts_list facts_of(const console_request& v, const policies::snapshot& registry,
                    const policies::constraint_exception& one, const shown_names& names) {
    facts_list all{{v.text("console.document_id"), one.id},
                   {v.text("console.person"), name_in(names, one.person.str())},
                   {v.text("console.member"), v.member_name(one.member)}};
    const auto& rules = registry.documents().constraints;
    if (const auto rule = rules.find(one.constraint); rule != rules.end()) {
        std::vector<std::string> except;
        for (const auto& role : rule->second.except) except.push_back(role.str());
        all.emplace_back(v.text("console.constraint"),
                         one.constraint + ": " + rule->second.first + " ↔ " + rule->second.second);
        all.emplace_back(v.text("console.constraint_except"), joined(except));
        all.emplace_back(v.text("console.resolution"), resolution_text(v, rule->second.resolution));
        all.emplace_back(v.text("console.note"), rule->second.note);
    }
    add_days(v, one, all);
    all.emplace_back(v.text("console.reason"), one.reason);
    add_request(v, one, names, all);
    add_approval(v, one, names, all);
    return all;
}

}  // namespace kommpass::idp::console
