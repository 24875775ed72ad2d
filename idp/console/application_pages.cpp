// The applications, their roles and clients.
#include "config/settings.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/audit/events.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/paging.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

static policies::language words_of(const console_request& v) {
    return v.lang == web::language::en ? policies::language::en : policies::language::de;
}

namespace {

const std::string& name_of(const policies::role& one) { return one.name.str(); }
const std::string& name_of(const policies::client& one) { return one.id.str(); }

template <class Document>
std::vector<const Document*> by_name(const std::vector<Document>& all) {
    std::vector<const Document*> sorted;
    for (const auto& one : all) sorted.push_back(&one);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* a, const auto* b) { return name_of(*a) < name_of(*b); });
    return sorted;
}

page_data role_row(const console_request& v, const policies::role& role) {
    page_data one;
    put(one, "role", role.name.str());
    put(one, "role_title", text_in(role.title, words_of(v)));
    put(one, "giver",
        v.text(role.handed_out_by == policies::role_giver::member ? "console.giver_member"
                                                                  : "console.giver_association"));
    std::vector<std::string> notes;
    if (role.sensitive) notes.push_back(v.text("console.sensitive"));
    for (const auto& inner : role.includes)
        notes.push_back(v.text("console.includes") + " " + inner.str());
    put(one, "role_note", joined(notes));
    return one;
}

page_data client_row(const console_request& v, const policies::client& client) {
    page_data one;
    put(one, "client", client.id.str());
    if (client.state == policies::grant_state::requested)
        put(one, "client_waits", v.text("clients.waits"));
    put(one, "client_note", joined(client.grant_types) + " · " + joined(client.redirect_uris));
    return one;
}

// "/admin/ (POST): meso.fachadmin", one behind the other.
std::string rules_text(console_request& v, const policies::gateway_entry& entry) {
    std::vector<std::string> rules;
    for (const auto& one : entry.rules) {
        auto text = one.path;
        if (!one.methods.empty()) text += " (" + joined(one.methods) + ")";
        std::vector<std::string> demands;
        for (const auto& role : one.roles) demands.push_back(role.str());
        demands.insert(demands.end(), one.require_acr.begin(), one.require_acr.end());
        rules.push_back(text + ": " +
                        (one.open ? v.text("console.gateway_open") : joined(demands)));
    }
    std::string all;
    for (const auto& one : rules) all += (all.empty() ? "" : "; ") + one;
    return all;
}

}  // namespace

page applications_page(console_request& v) {
    const auto all = list_applications(v.at, v.who);
    if (!all) co_return show_refusal(v, all.error());
    page_data data;
    std::vector<page_data> list;
    for (const auto* application : all->documents) {
        page_data one;
        put(one, "key", application->key.str());
        put(one, "application", application->name.de);
        put(one, "note", application->description.de);
        list.push_back(std::move(one));
    }
    put_list(data, "applications", std::move(list));
    co_return show(v, "console_applications", v.text("console.applications"), std::move(data));
}

page application_page(console_request& v) {
    const auto seen = find_application(v.at, v.who, application_key(v.segment(1)));
    const auto rules = list_constraints(v.at, v.who);
    if (!seen) co_return show_refusal(v, seen.error());
    if (!rules) co_return show_refusal(v, rules.error());
    const auto* application = seen->document;
    page_data data;
    put(data, "description", application->description.de);
    put_page(
        v, data, "roles", by_name(application->roles),
        [](const policies::role* role) { return role->name.str(); },
        [&](const policies::role* role) { return role_row(v, *role); }, "role");
    const auto age = application->longest_sign_in_age;
    put_facts(data, {{v.text("processing.operated_by"),
                      application->operated_by.empty() ? std::string()
                                                       : v.member_name(application->operated_by)},
                     {v.text("console.require_role"),
                      v.text(application->require_role ? "console.yes" : "console.no")},
                     {v.text("console.require_acr"), joined(application->require_acr)},
                     {v.text("console.sign_in_age"), age ? std::to_string(age->count()) : ""},
                     {v.text("console.networks"), joined(application->networks)},
                     {v.text("console.gateway_hosts"), joined(application->gateway.hosts)},
                     {v.text("console.gateway_rules"), rules_text(v, application->gateway)}});
    put(data, "key", application->key.str());
    flag(data, "may_change_clients", may_change_clients(v.who, *application));
    flag(data, "may_hand_out_registration",
         v.at.settings.dynamic_registration && v.who.may_everywhere(operation::change_application));
    flag(data, "may_publish", v.who.may_everywhere(operation::change_application));
    put_page(
        v, data, "clients", by_name(application->clients),
        [](const policies::client* client) { return client->id.str(); },
        [&](const policies::client* client) { return client_row(v, *client); }, "client");
    std::vector<page_data> constraints;
    const auto prefix = application->key.str() + ".";
    for (const auto* rule : rules->documents) {
        const bool concerns = rule->first.starts_with(prefix) || rule->second.starts_with(prefix) ||
                              rule->first.starts_with("*.");
        if (!concerns) continue;
        page_data one;
        put(one, "first", rule->first);
        put(one, "second", rule->second);
        put(one, "resolution", resolution_text(v, rule->resolution));
        constraints.push_back(std::move(one));
    }
    put_list(data, "constraints", std::move(constraints));
    co_return show(v, "console_application", application->name.de, std::move(data));
}

}  // namespace kommpass::idp::console
