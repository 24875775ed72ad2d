// One member as a whole, and the list of mappings.
#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/mappings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/console/member_state.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/paging.hpp"

namespace kommpass::idp::console {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

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

template <class Wanted>
void put_mappings(const console_request& v, page_data& data, const policies::snapshot& registry,
                  Wanted wanted) {
    std::vector<const policies::mapping*> rules;
    for (const auto& [id, rule] : registry.documents().mappings) {
        if (wanted(rule)) rules.push_back(&rule);
    }
    put_page(
        v, data, "mappings", rules, [](const auto* rule) { return rule->id; },
        [&](const auto* rule) { return mapping_row(v, *rule); });
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
    put_mappings(v, data, *registry,
                 [&](const policies::mapping& rule) { return rule.member == slug; });
    flag(data, "may_map", v.who.may(operation::change_mapping, slug));
    co_return show(v, "console_member", member->name.de, std::move(data));
}

page mappings_page(console_request& v) {
    if (!v.who.may_anywhere(operation::see_roles)) co_return show_refusal(v, no_such_thing());
    page_data data;
    const auto registry = v.registry();
    put_mappings(v, data, *registry,
                 [&](const policies::mapping& rule) { return may_see(v.who, rule); });
    flag(data, "may_map", v.who.may_anywhere(operation::change_mapping));
    co_return show(v, "console_mappings", v.text("console.mappings"), std::move(data));
}

}  // namespace kommpass::idp::console
