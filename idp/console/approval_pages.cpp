#include "idp/admin/change_rights.hpp"
#include "idp/admin/grants.hpp"
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

struct request_row {
    std::string id, form, what, reason;
    member_slug member;
    person_id person;
    std::string asked_by;
    std::optional<day> asked_on, until;
    bool may_approve = false;
    person_id deputy_of{};
    std::optional<day> from{};
};

std::vector<request_row> requests_of(const console_request& v) {
    std::vector<request_row> rows;
    const auto registry = v.registry();
    const auto& all = registry->documents();
    for (const auto& [id, one] : all.grants) {
        if (one.state != policies::grant_state::requested ||
            !v.who.may(operation::see_roles, one.member))
            continue;
        const auto* role = registry->find_role(one.role);
        rows.push_back(
            {id, "grant",
             role == nullptr ? one.role.str() : role->title.de + " (" + one.role.str() + ")",
             one.reason, one.member, one.person, one.asked_by, one.asked_on, one.until,
             v.who.may(approval_right(v.who, all, one), one.member), one.deputy_of, one.from});
    }
    for (const auto& [id, one] : all.mappings) {
        const bool visible = one.member ? v.who.may(operation::see_roles, *one.member)
                                        : v.who.may_everywhere(operation::see_roles);
        if (one.state != policies::grant_state::requested || !visible) continue;
        std::vector<std::string> roles;
        for (const auto& role : one.roles) roles.push_back(role.str());
        const bool may = one.member ? v.who.may(operation::approve_grant, *one.member)
                                    : v.who.may_everywhere(operation::approve_grant);
        rows.push_back({id,
                        "mapping",
                        v.text("console.mapping") + " " + id,
                        joined(roles),
                        one.member.value_or(member_slug()),
                        {},
                        one.asked_by,
                        one.asked_on,
                        one.until,
                        may});
    }
    for (const auto& [id, one] : all.exceptions) {
        if (one.state != policies::grant_state::requested ||
            !v.who.may(operation::see_roles, one.member))
            continue;
        rows.push_back({id, "exception", v.text("console.exception") + " " + one.constraint,
                        one.reason, one.member, one.person, one.asked_by, one.asked_on, one.until,
                        v.who.may(operation::approve_exception, one.member)});
    }
    return rows;
}

template <class Rule>
void add_agreements(const console_request& v, const Rule& rule, const std::string& document,
                    const std::optional<member_slug>& owner, const std::string& what,
                    std::vector<page_data>& into) {
    for (const auto& target : rule.for_members) {
        if (owner && target == *owner) continue;
        const bool given =
            std::find(rule.agreed.begin(), rule.agreed.end(), target) != rule.agreed.end();
        const bool is_target = v.who.may(operation::agree_scope, target);
        const bool is_owner = owner && v.who.may(operation::end_grant, *owner);
        if (!is_target && !(given && is_owner)) continue;
        page_data one;
        put(one, "document", document);
        put(one, "target", target.str());
        put(one, "agreed", given ? "no" : "yes");
        put(one, "button", given ? "secondary" : "primary");
        put(one, "button_label", v.text(given ? "console.withdraw" : "console.agree"));
        put(one, "agreement_text",
            (owner ? v.member_name(*owner) : v.text("console.everyone")) + ": " + what + " – " +
                v.text(given ? "console.agreement_given" : "console.agreement_open") + " " +
                v.member_name(target));
        into.push_back(std::move(one));
    }
}

std::vector<page_data> agreements_of(const console_request& v) {
    std::vector<page_data> list;
    const auto registry = v.registry();
    for (const auto& [id, one] : registry->documents().mappings) {
        std::vector<std::string> roles;
        for (const auto& role : one.roles) roles.push_back(role.str());
        add_agreements(v, one, "mappings/" + id, one.member,
                       v.text("console.mapping") + " " + id + " (" + joined(roles) + ")", list);
    }
    for (const auto& [id, one] : registry->documents().grants)
        add_agreements(v, one, "grants/" + id, std::optional(one.member),
                       one.role.str() + ", " + one.reason, list);
    return list;
}

}  // namespace

page approvals_page(console_request& v) {
    if (!v.who.may_anywhere(operation::see_roles)) co_return show_refusal(v, no_such_thing());
    const auto rows = requests_of(v);
    std::vector<std::string> ids;
    for (const auto& row : rows) {
        ids.push_back(row.person.str());
        ids.push_back(row.asked_by);
        ids.push_back(row.deputy_of.str());
    }
    const auto names = co_await names_of(v.at, std::move(ids));
    std::vector<page_data> waiting;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        const bool own = row.asked_by == v.who.id();
        page_data one;
        put(one, "id", row.id);
        put(one, "form", row.form);
        put(one, "person", row.person.str());
        if (row.form == "mapping") {
            put(one, "subject_href", "/console/mappings/" + row.id);
            put(one, "person_name", row.id);
        } else {
            put(one, "subject_href", "/console/persons/" + row.person.str());
            put(one, "person_name", names[3 * i].display_name);
        }
        put(one, "what", row.what);
        std::vector<std::string> parts{
            v.member_name(row.member), row.reason,
            v.text("console.asked_by") + " " + names[3 * i + 1].display_name};
        if (!row.deputy_of.empty())
            parts.push_back(v.text("console.deputy_of") + " " + names[3 * i + 2].display_name);
        if (row.asked_on) parts.push_back(v.day_text(*row.asked_on));
        if (row.from) parts.push_back(v.text("console.from") + " " + v.day_text(*row.from));
        if (row.until) parts.push_back(v.text("console.until") + " " + v.day_text(*row.until));
        put(one, "request_text", joined(parts, " · "));
        const bool for_self = !row.person.empty() && row.person == v.who.person();
        flag(one, "may_approve", row.may_approve && !own && !for_self);
        put(one, "refuse_label", v.text(own ? "console.take_back" : "console.refuse"));
        if (own || for_self) put(one, "own_text", v.text("console.own_request"));
        waiting.push_back(std::move(one));
    }
    auto agreements = agreements_of(v);
    page_data data;
    flag(data, "nothing", waiting.empty() && agreements.empty());
    put_list(data, "waiting", std::move(waiting));
    put_list(data, "agreements", std::move(agreements));
    co_return show(v, "console_approvals", v.text("console.approvals"), std::move(data));
}

page post_approval(console_request& v) {
    const auto what = v.segment(1);
    const auto id = v.in_form("id");
    const auto why = v.in_form("why");
    const bool approve = v.in_form("action") == "approve";
    std::optional<refusal> no;
    std::string done = approve ? "approve" : "end";
    if (what == "agree") {
        const auto made =
            co_await agree(v.at, v.who, v.in_form("document"), member_slug(v.in_form("target")),
                           v.in_form("agreed") == "yes", why);
        if (!made) no = made.error();
        done = "agree";
    } else if (what == "mapping" && approve) {
        const auto made = co_await approve_mapping(v.at, v.who, id, why);
        if (!made) no = made.error();
    } else if (what == "mapping") {
        const auto made = co_await refuse_mapping(v.at, v.who, id, why);
        if (!made) no = made.error();
    } else if (what == "grant" && approve) {
        const auto made = co_await approve_grant(v.at, v.who, id, why);
        if (!made) no = made.error();
    } else if (what == "exception" && approve) {
        const auto made = co_await approve_exception(v.at, v.who, id, why);
        if (!made) no = made.error();
    } else if (what == "exception") {
        const auto made = co_await end_exception(v.at, v.who, id, why);
        if (!made) no = made.error();
    } else if (what == "grant" || what == "end") {
        const auto made = co_await end_grant(v.at, v.who, id, why);
        if (!made) no = made.error();
        const auto back = v.in_form("back");
        if (!no && back.starts_with("/console/persons/")) co_return go_on(back, "end");
    } else {
        no = no_such_thing();
    }
    if (no) {
        v.problem = std::move(no);
        co_return co_await approvals_page(v);
    }
    co_return go_on("/console/approvals", done);
}

}  // namespace kommpass::idp::console
