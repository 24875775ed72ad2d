#include "idp/admin/audit_search.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/persons.hpp"
#include "idp/console/pages.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

constexpr long long plot_height = 140;
constexpr long long plot_floor = 155;

std::vector<page_data> bars_of(const console_request& v, const overview& all) {
    long long most = 1;
    for (const auto& [unused, count] : all.sign_ins)
        most = std::max(most, count.good + count.refused);
    std::vector<page_data> bars;
    long long x = 8;
    for (const auto& [one, count] : all.sign_ins) {
        const auto height = count.good * plot_height / most;
        const auto refused = count.refused * plot_height / most;
        page_data bar;
        const auto number = [&](const char* name, long long value) {
            bar.set(name, std::to_string(value));
        };
        number("x", x);
        number("y", plot_floor - height);
        number("height", height);
        number("refused_y", plot_floor - height - refused);
        number("refused_height", refused);
        number("middle", x + 17);
        number("label_y", plot_floor - height - refused - 4);
        number("good", count.good);
        number("refused", count.refused);
        put(bar, "good_label", count.good > 0 ? std::to_string(count.good) : std::string());
        put(bar, "day", v.day_text(one));
        put(bar, "short_day", to_string(one).substr(8) + "." + to_string(one).substr(5, 2) + ".");
        bars.push_back(std::move(bar));
        x += 49;
    }
    return bars;
}

std::vector<page_data> tasks_of(const console_request& v, const overview& all) {
    std::vector<page_data> tasks;
    const auto add = [&](std::size_t number, const char* text, const char* href, bool urgent) {
        if (number == 0) return;
        page_data one;
        put(one, "number", std::to_string(number));
        put(one, "task_label", v.text(text));
        put(one, "task_href", href);
        flag(one, "urgent", urgent);
        tasks.push_back(std::move(one));
    };
    const auto silent = static_cast<std::size_t>(
        std::count_if(all.members.begin(), all.members.end(),
                      [](const member_state& one) { return one.silent_for.count() > 0; }));
    std::size_t reviews = 0;
    for (const auto& one : all.open_reviews)
        reviews += static_cast<std::size_t>(one.items - one.answered);
    add(silent, "console.task_silent", "#members", true);
    add(all.conflicts.size(), "console.task_conflicts", "#conflicts", true);
    add(all.waiting.size() + all.waiting_exceptions.size() + all.waiting_mappings.size(),
        "console.task_approvals", "/console/approvals", false);
    add(all.certificates.size(), "console.task_certificates", "#certificates", true);
    add(all.waiting_clients.size(), "console.task_clients", "#clients", false);
    add(all.agreements.size(), "console.task_agreements", "/console/approvals", false);
    add(reviews, "console.task_reviews", "/console/campaigns", false);
    add(all.ending.size(), "console.task_ending", "#ending", false);
    return tasks;
}

void put_state(const console_request& v, page_data& into, bool active,
               std::chrono::seconds silent) {
    if (!active) {
        put(into, "badge", "info");
        put(into, "state", v.text("membership.set_up"));
        return;
    }
    const bool ok = silent.count() == 0;
    put(into, "badge", ok ? "success" : "warning");
    put(into, "state", v.text(ok ? "console.directory_ok" : "console.directory_silent"));
}

std::vector<page_data> tiles_of(const console_request& v, const overview& all) {
    std::vector<page_data> tiles;
    for (const auto& state : all.members) {
        page_data one;
        put(one, "slug", state.member.str());
        put(one, "member_name", v.member_name(state.member));
        put_state(v, one, state.active, state.silent_for);
        std::string note =
            std::to_string(state.applications) + " " + v.text("console.applications");
        if (state.silent_for.count() > 0)
            note += " · " + v.text("console.silent_for") + " " +
                    std::to_string(state.silent_for.count() / 60);
        if (state.conflicts > 0)
            note +=
                " · " + std::to_string(state.conflicts) + " " + v.text("console.task_conflicts");
        put(one, "member_note", note);
        tiles.push_back(std::move(one));
    }
    return tiles;
}

policies::language words_of(const console_request& v) {
    return v.lang == web::language::en ? policies::language::en : policies::language::de;
}

// What the catalogue offers, which clients wait, which certificates end.
void put_upkeep(const console_request& v, page_data& data, const overview& all) {
    const auto registry = v.registry();
    flag(data, "may_add_member", v.who.may_everywhere(operation::change_member));
    std::vector<page_data> offers;
    for (const auto& offer : all.offers) {
        const auto* role = registry->find_role(offer.role);
        if (role == nullptr) continue;
        page_data one;
        put(one, "offer_member", v.member_name(offer.member));
        put(one, "offer_slug", offer.member.str());
        put(one, "offer_role", role->name.str());
        put(one, "offer_title", text_in(role->title, words_of(v)));
        put(one, "offer_text", text_in(role->description, words_of(v)));
        offers.push_back(std::move(one));
    }
    put_list(data, "offers", std::move(offers));
    std::vector<page_data> clients;
    for (const auto& [key, id] : all.waiting_clients) {
        page_data one;
        put(one, "client_key", key.str());
        put(one, "client", id.str());
        clients.push_back(std::move(one));
    }
    put_list(data, "waiting_clients", std::move(clients));
    std::vector<page_data> certificates;
    for (const auto& found : all.certificates) {
        page_data one;
        put(one, "certificate_member", v.member_name(found.member));
        put(one, "certificate_slug", found.member.str());
        put(one, "certificate_server", found.url);
        put(one, "certificate_until", found.until);
        certificates.push_back(std::move(one));
    }
    put_list(data, "certificates", std::move(certificates));
}

}  // namespace

page overview_page(console_request& v) {
    const auto all = co_await look_around(v.at, v.parts.desk, v.who);
    if (!all) co_return show_refusal(v, all.error());
    page_data data;
    auto tasks = tasks_of(v, *all);
    flag(data, "no_tasks", tasks.empty());
    put_list(data, "tasks", std::move(tasks));
    put_list(data, "bars", bars_of(v, *all));
    long long sum = 0;
    for (const auto& [unused, count] : all->sign_ins) sum += count.good;
    put(data, "plot_label", v.text("console.sign_ins") + ": " + std::to_string(sum));
    put_list(data, "members", tiles_of(v, *all));
    std::vector<page_data> conflicts;
    for (const auto& found : all->conflicts) {
        page_data one;
        put(one, "conflict_person", found.person.str());
        put(one, "conflict_name", found.display_name + " (" + v.member_name(found.member) + ")");
        put(one, "conflict_text", sentence(found.conflict, words_of(v)));
        conflicts.push_back(std::move(one));
    }
    put_list(data, "conflicts", std::move(conflicts));
    if (all->conflicts_looked_at != instant{})
        put(data, "looked_at", v.time_text(all->conflicts_looked_at));
    std::vector<std::string> ids;
    for (const auto& one : all->ending) ids.push_back(one.person.str());
    const auto names = co_await names_of(v.at, std::move(ids));
    std::vector<page_data> ending;
    for (std::size_t i = 0; i < all->ending.size(); ++i) {
        page_data one;
        put(one, "ending_person", all->ending[i].person.str());
        put(one, "ending_name", names[i].display_name);
        put(one, "ending_role", all->ending[i].role.str());
        put(one, "ending_until", v.day_text(*all->ending[i].until));
        ending.push_back(std::move(one));
    }
    put_list(data, "ending", std::move(ending));
    put_upkeep(v, data, *all);
    co_return show(v, "console_overview", v.text("console.overview"), std::move(data));
}

namespace {

std::string condition_of(const policies::mapping& rule) {
    std::vector<std::string> parts;
    if (!rule.group.empty()) parts.push_back(rule.group);
    if (!rule.attribute.empty()) parts.push_back(rule.attribute + "=" + rule.attribute_value);
    if (!rule.within.empty()) parts.push_back(rule.within);
    return joined(parts, " + ");
}

std::string roles_of(const policies::mapping& rule) {
    std::vector<std::string> names;
    for (const auto& one : rule.roles) names.push_back(one.str());
    return joined(names);
}

page_data mapping_row(const console_request& v, const policies::mapping& rule) {
    page_data one;
    put(one, "mapping", rule.id);
    put(one, "of_member", rule.member ? v.member_name(*rule.member) : v.text("console.everyone"));
    put(one, "condition", condition_of(rule));
    put(one, "roles", roles_of(rule));
    return one;
}

}  // namespace

page member_page(console_request& v) {
    const member_slug slug(v.segment(1));
    const auto registry = v.registry();
    const auto* member = registry->find_member(slug);
    if (member == nullptr || !v.who.may(operation::see_member, slug))
        co_return show_refusal(v, no_such_thing());
    page_data data;
    put(data, "slug", slug.str());
    put(data, "member_note", joined(member->domains));
    put_state(v, data, member->active, v.at.directories.silent_for(slug));
    flag(data, "may_set_up", v.who.may(operation::set_up_directory, slug));
    const bool central = v.who.may_everywhere(operation::change_member);
    flag(data, "may_invite", central && !member->active);
    flag(data, "may_remove", central && !member->association);
    put_facts(data, {{v.text("console.directory"), joined(member->directory.urls)},
                     {v.text("console.persons"), member->directory.person_base},
                     {v.text("console.groups"), member->directory.group_base},
                     {v.text("help"), member->help_contact}});
    flag(data, "is_active", member->active);
    flag(data, "may_test", member->active && v.who.may(operation::test_directory, slug));
    flag(data, "may_book", v.who.may_everywhere(operation::change_subscription));
    std::vector<page_data> applications;
    for (const auto& [key, application] : registry->documents().applications) {
        page_data one;
        put(one, "key", key.str());
        put(one, "application", application.name.de);
        flag(one, "booked", registry->is_subscribed(slug, key));
        applications.push_back(std::move(one));
    }
    put_list(data, "applications", std::move(applications));
    std::vector<page_data> mappings;
    for (const auto& [id, rule] : registry->documents().mappings) {
        if (rule.member == slug) mappings.push_back(mapping_row(v, rule));
    }
    put_list(data, "mappings", std::move(mappings));
    flag(data, "may_map", v.who.may(operation::change_mapping, slug));
    co_return show(v, "console_member", member->name.de, std::move(data));
}

page mappings_page(console_request& v) {
    if (!v.who.may_anywhere(operation::see_roles)) co_return show_refusal(v, no_such_thing());
    page_data data;
    std::vector<page_data> mappings;
    const auto registry = v.registry();
    for (const auto& [id, rule] : registry->documents().mappings) {
        if (!rule.member || v.who.may(operation::see_roles, *rule.member))
            mappings.push_back(mapping_row(v, rule));
    }
    put_list(data, "mappings", std::move(mappings));
    flag(data, "may_map", v.who.may_anywhere(operation::change_mapping));
    co_return show(v, "console_mappings", v.text("console.mappings"), std::move(data));
}

page applications_page(console_request& v) {
    page_data data;
    std::vector<page_data> list;
    const auto registry = v.registry();
    for (const auto& [key, application] : registry->documents().applications) {
        page_data one;
        put(one, "key", key.str());
        put(one, "application", application.name.de);
        put(one, "note", application.description.de);
        list.push_back(std::move(one));
    }
    put_list(data, "applications", std::move(list));
    co_return show(v, "console_applications", v.text("console.applications"), std::move(data));
}

page application_page(console_request& v) {
    const auto registry = v.registry();
    const auto* application = registry->find_application(application_key(v.segment(1)));
    if (application == nullptr) co_return show_refusal(v, no_such_thing());
    page_data data;
    put(data, "description", application->description.de);
    std::vector<page_data> roles;
    for (const auto& role : application->roles) {
        page_data one;
        put(one, "role", role.name.str());
        put(one, "role_title", text_in(role.title, words_of(v)));
        put(one, "giver",
            v.text(role.handed_out_by == policies::role_giver::member
                       ? "console.giver_member"
                       : "console.giver_association"));
        std::vector<std::string> notes;
        if (role.sensitive) notes.push_back(v.text("console.sensitive"));
        for (const auto& inner : role.includes)
            notes.push_back(v.text("console.includes") + " " + inner.str());
        put(one, "role_note", joined(notes));
        roles.push_back(std::move(one));
    }
    put_list(data, "roles", std::move(roles));
    const auto age = application->longest_sign_in_age;
    put_facts(data, {{v.text("processing.operated_by"),
                      application->operated_by.empty() ? std::string()
                                                       : v.member_name(application->operated_by)},
                     {v.text("console.require_role"),
                      v.text(application->require_role ? "console.yes" : "console.no")},
                     {v.text("console.require_acr"), joined(application->require_acr)},
                     {v.text("console.sign_in_age"), age ? std::to_string(age->count()) : ""},
                     {v.text("console.networks"), joined(application->networks)}});
    put(data, "key", application->key.str());
    flag(data, "may_change_clients", may_change_clients(v.who, *application));
    flag(data, "may_publish", v.who.may_everywhere(operation::change_application));
    std::vector<page_data> clients;
    for (const auto& client : application->clients) {
        page_data one;
        put(one, "client", client.id.str());
        if (client.state == policies::grant_state::requested)
            put(one, "client_waits", v.text("clients.waits"));
        put(one, "client_note", joined(client.grant_types) + " · " + joined(client.redirect_uris));
        clients.push_back(std::move(one));
    }
    put_list(data, "clients", std::move(clients));
    std::vector<page_data> constraints;
    for (const auto& [id, rule] : registry->documents().constraints) {
        const auto prefix = application->key.str() + ".";
        const bool concerns = rule.first.starts_with(prefix) || rule.second.starts_with(prefix) ||
                              rule.first.starts_with("*.");
        if (!concerns) continue;
        page_data one;
        put(one, "first", rule.first);
        put(one, "second", rule.second);
        using policies::conflict_resolution;
        put(one, "resolution",
            v.text(rule.resolution == conflict_resolution::deny_both    ? "console.deny_both"
                   : rule.resolution == conflict_resolution::deny_newer ? "console.deny_newer"
                                                                        : "console.report"));
        constraints.push_back(std::move(one));
    }
    put_list(data, "constraints", std::move(constraints));
    co_return show(v, "console_application", application->name.de, std::move(data));
}

page usage_page(console_request& v) {
    auto month = v.in_query("month");
    if (month.empty()) month = to_string(v.at.today()).substr(0, 7);
    const auto rows = co_await usage_report(v.at, v.who, month);
    page_data data;
    put(data, "month", month);
    if (!rows) v.problem = rows.error();
    std::vector<page_data> list;
    const auto registry = v.registry();
    if (rows) {
        for (const auto& row : *rows) {
            page_data one;
            put(one, "row_member", v.member_name(row.member));
            const auto* application = registry->find_application(row.application);
            put(one, "row_application",
                application == nullptr ? row.application.str() : application->name.de);
            put(one, "row_persons", std::to_string(row.persons));
            list.push_back(std::move(one));
        }
    }
    flag(data, "has_rows", !list.empty());
    put_list(data, "rows", std::move(list));
    co_return show(v, "console_usage", v.text("console.usage"), std::move(data));
}

page usage_csv_file(console_request& v) {
    const auto rows = co_await usage_report(v.at, v.who, v.in_query("month"));
    if (!rows) co_return show_refusal(v, rows.error());
    http::response file;
    file.content_type = "text/csv; charset=utf-8";
    file.body = usage_csv(*rows);
    file.headers.emplace_back("Content-Disposition", "attachment; filename=\"kommpass-usage.csv\"");
    co_return file;
}

}  // namespace kommpass::idp::console
