#include "idp/admin/actor.hpp"
#include "idp/console/person_view_page.hpp"

#include "idp/admin/audit_search.hpp"
#include "idp/admin/catalogue.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/audit/events.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

policies::language words_of(const console_request& v) {
    return v.lang == web::language::en ? policies::language::en : policies::language::de;
}

std::string title_of(const console_request& v, const policies::snapshot& registry,
                     const role_name& name) {
    const auto* role = registry.find_role(name);
    return role == nullptr ? name.str() : text_in(role->title, words_of(v));
}

std::string members_text(const console_request& v, const std::vector<member_slug>& members) {
    std::vector<std::string> names;
    for (const auto& one : members) names.push_back(v.member_name(one));
    return joined(names);
}

// The picture of one way to a role: person, groups, rule, composite roles, role.
class path_picture {
public:
    path_picture(const console_request& v, const policies::snapshot& registry)
        : v_(v), registry_(registry) {}

    std::vector<page_data> steps(const identity& who, const policies::provenance& why,
                                 const role_name& role) {
        add("person", "console.step_person",
            who.display_name.empty() ? who.login_name : who.display_name, {});
        for (const auto& group : why.group_path) add("group", "console.step_group", group, {});
        if (!why.group.empty()) add("group", "console.step_group", why.group, {});
        if (!why.attribute.empty()) add("group", "console.step_attribute", why.attribute, {});
        if (!why.within.empty()) add("group", "console.step_place", why.within, {});
        if (why.mapping.empty())
            add("rule", "console.step_grant", why.grant, {});
        else
            add("rule", "console.step_rule", why.mapping, "/console/mappings/" + why.mapping);
        for (const auto& outer : why.through)
            add("composite", "console.step_role", title_of(v_, registry_, outer), {});
        add("role", "console.step_role", title_of(v_, registry_, role), {});
        return std::move(steps_);
    }

private:
    void add(const char* kind, const char* name, const std::string& text, const std::string& href) {
        page_data one;
        put(one, "kind", kind);
        put(one, "kind_name", v_.text(name));
        put(one, "step", text);
        put(one, "step_href", href);
        steps_.push_back(std::move(one));
    }
    const console_request& v_;
    const policies::snapshot& registry_;
    std::vector<page_data> steps_;
};

std::string origin_of(const console_request& v, const policies::snapshot& registry,
                      const policies::provenance& why, const shown_names& names) {
    std::vector<std::string> parts;
    if (const auto* author = registry.author_of(why.document())) {
        parts.push_back(v.text("console.revision") + " " + std::to_string(author->revision) + ", " +
                        v.time_text(author->at) + ", " + name_in(names, author->who) +
                        (author->why.empty() ? "" : ": " + author->why));
    }
    if (why.from) parts.push_back(v.text("console.from") + " " + v.day_text(*why.from));
    if (why.until) parts.push_back(v.text("console.until") + " " + v.day_text(*why.until));
    return joined(parts, " · ");
}

void put_roles(const console_request& v, page_data& data, const person_view& view,
               const shown_names& names) {
    std::vector<page_data> roles;
    const bool may_end = v.who.may(operation::end_grant, view.person.member);
    for (const auto& held : view.roles.roles) {
        page_data one;
        put(one, "role", held.name.str());
        put(one, "role_title", title_of(v, *view.registry, held.name));
        const bool own =
            held.for_members.size() == 1 && held.for_members.front() == view.person.member;
        if (!own)
            put(one, "scope",
                v.text("console.holds_for") + ": " + members_text(v, held.for_members));
        std::vector<page_data> paths;
        for (const auto& why : held.because) {
            page_data path;
            put_list(path, "steps",
                     path_picture(v, *view.registry).steps(*view.who, why, held.name));
            put(path, "origin", origin_of(v, *view.registry, why, names));
            paths.push_back(std::move(path));
        }
        put_list(one, "paths", std::move(paths));
        flag(one, "may_end", may_end);
        roles.push_back(std::move(one));
    }
    put_list(data, "roles", std::move(roles));
    std::vector<page_data> notes;
    const auto note = [&](const std::string& text) {
        page_data one;
        put(one, "note", text);
        notes.push_back(std::move(one));
    };
    for (const auto& one : view.roles.withheld)
        note(one.name.str() + ": " + sentence(one, words_of(v)));
    for (const auto& one : view.roles.conflicts) note(sentence(one, words_of(v)));
    put_list(data, "notes", std::move(notes));
}

page put_grants(console_request& v, page_data& data, const person_view& view) {
    std::vector<std::string> ids;
    for (const auto& one : view.grants) {
        ids.push_back(one.asked_by);
        ids.push_back(one.approved_by);
        ids.push_back(one.deputy_of.str());
    }
    for (const auto& one : view.withdrawals) ids.push_back(one.asked_by);
    std::erase(ids, "");
    const auto names = co_await names_of(v.at, ids);
    const auto name_of_id = [&](const std::string& id) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (ids[i] == id) return names[i].display_name;
        }
        return id;
    };
    const bool may_end = v.who.may(operation::end_grant, view.person.member);
    std::vector<page_data> list;
    for (const auto& one : view.grants) {
        std::vector<std::string> parts{
            v.text(one.state == policies::grant_state::active ? "console.active"
                                                              : "console.requested"),
            one.reason};
        if (!one.for_members.empty())
            parts.push_back(v.text("console.holds_for") + ": " + members_text(v, one.for_members));
        if (!one.deputy_of.empty())
            parts.push_back(v.text("console.deputy_of") + " " + name_of_id(one.deputy_of.str()));
        if (one.from) parts.push_back(v.text("console.from") + " " + v.day_text(*one.from));
        if (one.until) parts.push_back(v.text("console.until") + " " + v.day_text(*one.until));
        if (!one.asked_by.empty())
            parts.push_back(v.text("console.asked_by") + " " + name_of_id(one.asked_by));
        if (!one.approved_by.empty())
            parts.push_back(v.text("console.approved_by") + " " + name_of_id(one.approved_by));
        page_data row;
        put(row, "grant_text",
            title_of(v, *view.registry, one.role) + " (" + one.role.str() +
                "): " + joined(parts, " · "));
        if (may_end) put(row, "grant_id", one.id);
        put(row, "digest", version_of(view.registry->documents(), one).digest);
        list.push_back(std::move(row));
    }
    for (const auto& one : view.withdrawals) {
        page_data row;
        put(row, "grant_text",
            one.role.str() + ": " + v.text("console.withdrawn") + " · " + one.reason + " · " +
                name_of_id(one.asked_by));
        list.push_back(std::move(row));
    }
    for (const auto& one : view.exceptions) {
        page_data row;
        put(row, "grant_text",
            v.text("console.exception") + " " + one.constraint + ": " + one.reason + " · " +
                (one.until ? v.text("console.until") + " " + v.day_text(*one.until) : ""));
        list.push_back(std::move(row));
    }
    put_list(data, "grants", std::move(list));
    co_return http::response();
}

void put_choices(const console_request& v, page_data& data, const person_view& view) {
    std::vector<page_data> choices;
    const auto& registry = *view.registry;
    for (const auto& [application, role] : roles_to_hand_out(registry.documents(), v.who)) {
        if (!registry.is_subscribed(view.person.member, application->key)) continue;
        page_data one;
        put(one, "choice", role->name.str());
        put(one, "choice_title",
            application->name.de + ": " + text_in(role->title, words_of(v)) +
                (role->sensitive ? " (" + v.text("console.sensitive") + ")" : ""));
        flag(one, "selected", v.in_form("role") == role->name.view());
        choices.push_back(std::move(one));
    }
    put_list(data, "applications", application_options(v, v.in_query("application")));
    put_list(data, "choices", std::move(choices));
    std::vector<page_data> constraints;
    for (const auto& [id, rule] : view.registry->documents().constraints) {
        page_data one;
        put(one, "constraint", id);
        put(one, "constraint_text", rule.first + " ↔ " + rule.second);
        constraints.push_back(std::move(one));
    }
    put_list(data, "constraints", std::move(constraints));
    for (const auto* name : {"reason", "from", "until", "for_members"})
        put(data, name, v.in_form(name));
}

void put_identity(const console_request& v, page_data& data, const person_view& view) {
    std::vector<std::pair<std::string, std::string>> facts{
        {v.text("console.person_id"), view.person.id.str()},
        {v.text("console.first_seen"), v.time_text(view.person.first_seen)}};
    if (view.who) {
        std::vector<std::string> groups;
        for (const auto& group : view.who->groups) {
            auto names = group.other_names;
            names.insert(names.begin(), group.name);
            const auto called = joined(names, " = ");
            groups.push_back(group.path.empty() ? called
                                                : called + " (" + joined(group.path, " → ") + ")");
        }
        if (view.who->groups_cut_off) groups.push_back(v.text("console.groups_cut_off"));
        facts.insert(facts.begin(), {{v.text("console.display_name"), view.who->display_name},
                                     {v.text("console.login_name"), view.who->login_name},
                                     {v.text("console.mail"), view.who->mail},
                                     {v.text("console.directory"), view.who->dn}});
        facts.emplace_back(v.text("console.groups"), joined(groups));
    }
    put_facts(data, facts);
}

void put_explanation(const console_request& v, page_data& data, const person_view& view,
                     const shown_names& names) {
    const auto* application =
        view.registry->find_application(application_key(v.in_query("application")));
    std::vector<page_data> sentences;
    if (application != nullptr && view.who) {
        for (const auto& line :
             policies::explain(*view.registry, {*view.who, view.person.id, v.at.today()},
                               *application, words_of(v))) {
            page_data one;
            put(one, "sentence", with_names(line, names));
            sentences.push_back(std::move(one));
        }
    }
    put_list(data, "sentences", std::move(sentences));
}

page put_history(console_request& v, page_data& data, const person_view& view) {
    const auto records = co_await role_history(v.at, v.who, view.person);
    std::vector<page_data> list;
    if (records) {
        std::vector<std::string> ids;
        for (const auto& one : *records) {
            ids.push_back(audit::detail_text(one.record.detail_json, "who"));
        }
        const auto names = co_await names_of(v.at, ids);
        for (std::size_t i = 0; i < records->size(); ++i) {
            const auto& record = (*records)[i].record;
            std::vector<std::string> parts{v.time_text(record.at), v.text("event." + record.event),
                                           audit::detail_text(record.detail_json, "role"),
                                           names[i].display_name,
                                           audit::detail_text(record.detail_json, "why")};
            std::erase(parts, "");
            page_data one;
            put(one, "history_line", joined(parts, " · "));
            list.push_back(std::move(one));
        }
    }
    put_list(data, "history", std::move(list));
    co_return http::response();
}

}  // namespace

page show_person_view(console_request& v, const person_view& view) {
    page_data data;
    put(data, "person", view.person.id.str());
    put(data, "member_name", v.member_name(view.person.member));
    if (view.who) {
        put(data, "login", view.who->login_name);
        put(data, "mail", view.who->mail);
    } else {
        put(data, "directory_state", v.text(view.gone ? "console.gone" : "console.silent"));
    }
    std::vector<std::string> authors;
    add_authors(*view.registry, view.roles, authors);
    const auto names = co_await names_for(v.at, std::move(authors));
    put_roles(v, data, view, names);
    (void)co_await put_grants(v, data, view);
    (void)co_await put_history(v, data, view);
    put_choices(v, data, view);
    put_explanation(v, data, view, names);
    put_identity(v, data, view);
    flag(data, "may_grant", v.who.may(operation::request_grant, view.person.member));
    const bool may_see = v.who.may(operation::see_sessions, view.person.member);
    flag(data, "may_see_sessions", may_see);
    flag(data, "may_erase",
         v.who.may_everywhere(operation::erase_person) && v.who.person() != view.person.id);
    flag(data, "may_export", v.who.may(operation::export_person, view.person.member));
    std::vector<page_data> sessions;
    for (const auto& session : view.sessions) {
        page_data one;
        put(one, "session",
            v.text("console.signed_in_since") + " " + v.time_text(session.authenticated_at) +
                " · " + session.acr);
        sessions.push_back(std::move(one));
    }
    put_list(data, "sessions", std::move(sessions));
    // Of somebody whom the directory does not name the id is no name.
    if (!view.who) put(data, "login", view.person.id.str());
    const auto title = !view.who && view.gone           ? v.text("console.gone_person")
                       : !view.who                      ? v.text("console.unnamed_person")
                       : view.who->display_name.empty() ? view.who->login_name
                                                        : view.who->display_name;
    co_return show(v, "console_person", title, std::move(data));
}

page persons_page(console_request& v) {
    const auto members = members_for(v.at, v.who, operation::see_person);
    if (!members) co_return show_refusal(v, members.error());
    page_data data;
    put(data, "user_name", v.in_form("user_name"));
    put_list(data, "members", member_options(members->documents, v.in_form("member")));
    co_return show(v, "console_persons", v.text("console.persons"), std::move(data));
}

page person_page(console_request& v) {
    const auto view = co_await view_person(v.at, v.who, person_id(v.segment(1)));
    if (!view) co_return show_refusal(v, view.error());
    co_return co_await show_person_view(v, *view);
}

page post_find_person(console_request& v) {
    auto found =
        co_await find_person(v.at, v.who, member_slug(v.in_form("member")), v.in_form("user_name"));
    if (!found) {
        v.problem = found.error();
        co_return co_await persons_page(v);
    }
    co_return http::see_other("/console/persons/" + found->id.str());
}

}  // namespace kommpass::idp::console
