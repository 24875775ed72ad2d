// One member as a whole, and the list of mappings.
#include "idp/admin/actor.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/console/member_state.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/paging.hpp"

#include <algorithm>

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

void put_mappings(const console_request& v, page_data& data,
                  const std::vector<const policies::mapping*>& rules) {
    put_page(
        v, data, "mappings", rules, [](const auto* rule) { return rule->id; },
        [&](const auto* rule) { return mapping_row(v, *rule); });
}

void put_bookings(const console_request& v, page_data& data, const seen_member& member) {
    std::vector<page_data> list;
    const auto applications = list_applications(v.at, v.who);
    if (applications) {
        for (const auto* application : applications->documents) {
            page_data one;
            put(one, "key", application->key.str());
            put(one, "application", application->name.de);
            flag(one, "booked",
                 std::find(member.booked.begin(), member.booked.end(), application->key) !=
                     member.booked.end());
            list.push_back(std::move(one));
        }
    }
    put_list(data, "applications", std::move(list));
}

}  // namespace

page member_page(console_request& v) {
    const member_slug slug(v.segment(1));
    const auto seen = find_member(v.at, v.who, slug);
    if (!seen) co_return show_refusal(v, seen.error());
    const auto* member = seen->document;
    page_data data;
    put(data, "slug", slug.str());
    put(data, "member_note", joined(member->domains));
    put_state(v, data, member->active, seen->silent_for);
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
    put_bookings(v, data, *seen);
    const auto rules = list_mappings(v.at, v.who, slug);
    put_mappings(v, data, rules ? rules->documents : std::vector<const policies::mapping*>());
    flag(data, "may_map", v.who.may(operation::change_mapping, slug));
    co_return show(v, "console_member", member->name.de, std::move(data));
}

page mappings_page(console_request& v) {
    const auto rules = list_mappings(v.at, v.who);
    if (!rules) co_return show_refusal(v, rules.error());
    page_data data;
    put_mappings(v, data, rules->documents);
    flag(data, "may_map", v.who.may_anywhere(operation::change_mapping));
    co_return show(v, "console_mappings", v.text("console.mappings"), std::move(data));
}

}  // namespace kommpass::idp::console
