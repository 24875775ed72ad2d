// Requests that wait for a second person, and rules for other members that wait for these: each
// shown whole, with the digest of what is shown.
#include "idp/admin/actor.hpp"
#include "idp/admin/agreements.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/mappings.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/second_person.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/paging.hpp"
#include "idp/console/rule_facts.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

bool waits(policies::grant_state state) { return state == policies::grant_state::requested; }

bool may_approve(const console_request& v, const policies::registry& all,
                 const policies::grant& one) {
    return v.who.may(approval_right(v.who, all, one), one.member) && one.person != v.who.person();
}
bool may_approve(const console_request& v, const policies::registry&,
                 const policies::mapping& one) {
    return one.member ? v.who.may(operation::approve_grant, *one.member)
                      : v.who.may_everywhere(operation::approve_grant);
}
bool may_approve(const console_request& v, const policies::registry&,
                 const policies::constraint_exception& one) {
    return v.who.may(operation::approve_exception, one.member) && one.person != v.who.person();
}

bool is_visible(const console_request& v, const policies::mapping& one) {
    return one.member ? v.who.may(operation::see_roles, *one.member)
                      : v.who.may_everywhere(operation::see_roles);
}
template <class Document>
bool is_visible(const console_request& v, const Document& one) {
    return v.who.may(operation::see_roles, one.member);
}

// Calls `visit` for each document that waits and that the visitor may see, with its form's name:
// those of this page. Behind which one the next page begins; empty: there is none.
template <class Visit>
std::string visit_waiting(const console_request& v, const policies::registry& all, Visit visit) {
    const auto after = v.in_query("after");
    std::size_t count = 0;
    std::string last;
    std::string next;
    const auto go_through = [&](const auto& documents, const char* form) {
        for (const auto& [id, one] : documents) {
            // The forms are gone through in the order of their names.
            auto key = std::string(form) + "/" + id;
            if (key <= after || !waits(one.state) || !is_visible(v, one)) continue;
            if (count == rows_of_a_page) next = last;
            if (++count > rows_of_a_page) return;
            visit(one, form);
            last = std::move(key);
        }
    };
    go_through(all.exceptions, "exception");
    go_through(all.grants, "grant");
    go_through(all.mappings, "mapping");
    return next;
}

std::string heading_of(const console_request& v, const policies::snapshot& registry,
                       const policies::grant& one) {
    return role_text(v, registry, one.role);
}
std::string heading_of(const console_request& v, const policies::snapshot&,
                       const policies::mapping& one) {
    return v.text("console.mapping") + " " + one.id;
}
std::string heading_of(const console_request& v, const policies::snapshot&,
                       const policies::constraint_exception& one) {
    return v.text("console.exception") + " " + one.constraint;
}

void put_subject(page_data& row, const policies::mapping& one, const shown_names&) {
    put(row, "subject_href", "/console/mappings/" + one.id);
    put(row, "person_name", one.id);
}
template <class Document>
void put_subject(page_data& row, const Document& one, const shown_names& names) {
    put(row, "subject_href", "/console/persons/" + one.person.str());
    put(row, "person_name", name_in(names, one.person.str()));
}

template <class Document>
bool is_for_visitor(const console_request& v, const Document& one) {
    if constexpr (requires { one.person; })
        return !one.person.empty() && one.person == v.who.person();
    return false;
}

template <class Document>
page_data request_row(const console_request& v, const policies::snapshot& registry,
                      const Document& one, const char* form, const shown_names& names) {
    const auto& all = registry.documents();
    page_data row;
    put(row, "id", one.id);
    put(row, "form", form);
    put(row, "digest", version_of(all, one).digest);
    put(row, "what", heading_of(v, registry, one));
    put_subject(row, one, names);
    put_facts(row, facts_of(v, registry, one, names));
    const bool own = one.asked_by == v.who.id();
    flag(row, "may_approve", may_approve(v, all, one) && !own);
    put(row, "refuse_label", v.text(own ? "console.take_back" : "console.refuse"));
    if (own || is_for_visitor(v, one)) put(row, "own_text", v.text("console.own_request"));
    return row;
}

std::string heading_of_rule(const console_request& v, const policies::snapshot& registry,
                            const std::string& document) {
    const auto& all = registry.documents();
    const auto key = document.substr(document.find('/') + 1);
    return document.starts_with("grants/") ? heading_of(v, registry, all.grants.at(key))
                                           : heading_of(v, registry, all.mappings.at(key));
}

page_data agreement_row(const console_request& v, const policies::snapshot& registry,
                        const asked_agreement& asked, const shown_names& names) {
    page_data row;
    put(row, "document", asked.document);
    put(row, "digest", asked.version.digest);
    put(row, "target", asked.target.str());
    put(row, "agreed", asked.given ? "no" : "yes");
    put(row, "button", asked.given ? "secondary" : "primary");
    put(row, "button_label", v.text(asked.given ? "console.withdraw" : "console.agree"));
    put(row, "agreement_text",
        (asked.owner ? v.member_name(*asked.owner) : v.text("console.everyone")) + ": " +
            heading_of_rule(v, registry, asked.document) + " – " +
            v.text(asked.given ? "console.agreement_given" : "console.agreement_open") + " " +
            v.member_name(asked.target));
    put_facts(row, facts_of_rule(v, registry, asked.document, names));
    return row;
}

}  // namespace

page approvals_page(console_request& v) {
    if (!v.who.may_anywhere(operation::see_roles)) co_return show_refusal(v, no_such_thing());
    const auto registry = v.registry();
    const auto& all = registry->documents();
    auto asked = agreements_for(*registry, v.who);
    const auto key_of = [](const asked_agreement& one) {
        return one.document + " " + one.target.str();
    };
    std::sort(asked.begin(), asked.end(),
              [&](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
    std::vector<std::string> ids;
    const auto next =
        visit_waiting(v, all, [&](const auto& one, const char*) { add_ids(one, ids); });
    for (const auto& one : asked) {
        add_ids(all, one.document, ids);
        ids.push_back(one.asked_by);
    }
    const auto names = co_await names_for(v.at, std::move(ids));
    std::vector<page_data> waiting;
    (void)visit_waiting(v, all, [&](const auto& one, const char* form) {
        waiting.push_back(request_row(v, *registry, one, form, names));
    });
    page_data data;
    if (!next.empty()) put(data, "waiting_next", next_page(v, "after", next));
    flag(data, "nothing", waiting.empty() && asked.empty());
    put_list(data, "waiting", std::move(waiting));
    put_page(
        v, data, "agreements", asked, key_of,
        [&](const asked_agreement& one) { return agreement_row(v, *registry, one, names); },
        "agreement");
    co_return show(v, "console_approvals", v.text("console.approvals"), std::move(data));
}

page post_approval(console_request& v) {
    const auto what = v.segment(1);
    const auto id = v.in_form("id");
    const auto why = v.in_form("why");
    const shown_digest shown(v.in_form("digest"));
    const bool approve = v.in_form("action") == "approve";
    std::optional<refusal> no;
    std::string done = approve ? "approve" : "end";
    if (what == "agree") {
        const auto made =
            co_await agree(v.at, v.who, v.in_form("document"), member_slug(v.in_form("target")),
                           v.in_form("agreed") == "yes", why, shown);
        if (!made) no = made.error();
        done = "agree";
    } else if (what == "mapping" && approve) {
        const auto made = co_await approve_mapping(v.at, v.who, id, why, shown);
        if (!made) no = made.error();
    } else if (what == "mapping") {
        const auto made = co_await refuse_mapping(v.at, v.who, id, why, shown);
        if (!made) no = made.error();
    } else if (what == "grant" && approve) {
        const auto made = co_await approve_grant(v.at, v.who, id, why, shown);
        if (!made) no = made.error();
    } else if (what == "exception" && approve) {
        const auto made = co_await approve_exception(v.at, v.who, id, why, shown);
        if (!made) no = made.error();
    } else if (what == "exception") {
        const auto made = co_await end_exception(v.at, v.who, id, why, shown);
        if (!made) no = made.error();
    } else if (what == "grant" || what == "end") {
        const auto made = co_await end_grant(v.at, v.who, id, why, shown);
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
