// Requests that wait for a second person, and rules for other members that wait for these: each
// shown whole, with the digest of what is shown.
#include "idp/admin/agreements.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/mappings.hpp"
#include "idp/admin/pending_requests.hpp"
#include "idp/admin/persons.hpp"
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

page_data request_row(const console_request& v, const policies::snapshot& registry,
                      const pending_request& asked, const shown_names& names) {
    page_data row;
    put(row, "form", asked.key.substr(0, asked.key.find('/')));
    put(row, "digest", asked.digest);
    std::visit(
        [&](const auto* one) {
            put(row, "id", one->id);
            put(row, "what", heading_of(v, registry, *one));
            put_subject(row, *one, names);
            put_facts(row, facts_of(v, registry, *one, names));
        },
        asked.document);
    flag(row, "may_approve", asked.may_approve);
    put(row, "refuse_label", v.text(asked.own ? "console.take_back" : "console.refuse"));
    if (asked.own || asked.for_actor) put(row, "own_text", v.text("console.own_request"));
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
    const auto pending = list_pending_requests(v.at, v.who, v.in_query("after"), rows_of_a_page);
    auto agreements = list_agreements(v.at, v.who);
    if (!pending) co_return show_refusal(v, pending.error());
    if (!agreements) co_return show_refusal(v, agreements.error());
    auto& asked = agreements->asked;
    const auto key_of = [](const asked_agreement& one) {
        return one.document + " " + one.target.str();
    };
    std::sort(asked.begin(), asked.end(),
              [&](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
    std::vector<std::string> ids;
    for (const auto& one : pending->requests)
        std::visit([&](const auto* document) { add_ids(*document, ids); }, one.document);
    for (const auto& one : asked) {
        add_ids(agreements->registry->documents(), one.document, ids);
        ids.push_back(one.asked_by);
    }
    const auto names = co_await names_for(v.at, std::move(ids));
    std::vector<page_data> waiting;
    for (const auto& one : pending->requests)
        waiting.push_back(request_row(v, *pending->registry, one, names));
    page_data data;
    if (pending->next) put(data, "waiting_next", next_page(v, "after", *pending->next));
    flag(data, "nothing", waiting.empty() && asked.empty());
    put_list(data, "waiting", std::move(waiting));
    put_page(
        v, data, "agreements", asked, key_of,
        [&](const asked_agreement& one) {
            return agreement_row(v, *agreements->registry, one, names);
        },
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
