// "Who had access on 3 March?"
#include "idp/admin/actor.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/console/extent_text.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/paging.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/store/audit_record.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

page_data holder_row(const console_request& v, const past_access& past, const past_holder& one,
                     const shown_names& named) {
    page_data row;
    put(row, "name", one.display_name.empty() ? one.login_name : one.display_name);
    put(row, "login", one.login_name);
    std::vector<std::string> roles;
    std::vector<std::string> reasons;
    for (const auto& role : one.roles.roles) {
        roles.push_back(role.name.str());
        for (const auto& why : role.because) {
            auto reason = with_names(sentence(*past.registry, why, policies::language::de), named);
            if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
                reasons.push_back(std::move(reason));
        }
    }
    put(row, "held", joined(roles, " "));
    put(row, "why_held", joined(reasons, "; "));
    put(row, "used", v.text(one.used ? "console.yes" : "console.no"));
    return row;
}

void put_answer(const console_request& v, page_data& data, const past_access& past,
                const shown_names& named) {
    flag(data, "answered", true);
    put(data, "answer_text",
        v.member_name(past.member) + ", " +
            (past.role.empty() ? past.application.str() : past.role.str()) + ", " +
            v.day_text(past.day) + ": " + std::to_string(past.holders.size()) + " " +
            v.text("past.persons") + " (" + v.text("console.revision") + " " +
            std::to_string(past.registry->revision()) + ")");
    const auto key_of = [](const past_holder* one) {
        return one->display_name + '\x01' + one->login_name;
    };
    std::vector<const past_holder*> holders;
    for (const auto& one : past.holders) holders.push_back(&one);
    std::sort(holders.begin(), holders.end(),
              [&](const auto* a, const auto* b) { return key_of(a) < key_of(b); });
    put_page(v, data, "holders", holders, key_of,
             [&](const past_holder* one) { return holder_row(v, past, *one, named); });
    if (const auto left_out = extent_text(v, past.came); !left_out.empty())
        put(data, "cut_off", left_out);
    const auto put_ids = [&](const char* list, const char* name, const auto& ids) {
        std::vector<page_data> all;
        for (const auto& one : ids) {
            page_data row;
            put(row, name, one);
            all.push_back(std::move(row));
        }
        put_list(data, list, std::move(all));
    };
    put_ids("gone", "gone_person", past.gone);
    put_ids("unanswered", "unanswered_person", past.unanswered);
}

// What was asked: in the result, else in the form.
struct asked_fields {
    std::string member, application, role, day;
};

asked_fields fields_of(const console_request& v, const past_access* past) {
    if (past == nullptr)
        return {v.in_form("member"), v.in_form("application"), v.in_form("role"), v.in_form("day")};
    return {past->member.str(), past->application.str(), past->role.str(), to_string(past->day)};
}

http::response past_form(console_request& v, const past_access* past, const shown_names& named) {
    const auto members = members_for(v.at, v.who, operation::search_audit);
    if (!members) return show_refusal(v, members.error());
    page_data data;
    const auto chosen = fields_of(v, past);
    put_list(data, "members", member_options(members->documents, chosen.member));
    put_list(data, "applications", application_options(v, chosen.application));
    put(data, "role", chosen.role);
    put(data, "day", chosen.day);
    put(data, "purpose", v.in_form("purpose"));
    flag(data, "answered", false);
    if (past != nullptr) put_answer(v, data, *past, named);
    return show(v, "console_past", v.text("past.title"), std::move(data));
}

}  // namespace

page past_page(console_request& v) {
    const auto found = v.at.running.find(v.who, v.in_query("job"));
    const auto ended = found ? found->outcome() : nullptr;
    const auto* past = result_of<past_access>(ended);
    std::vector<std::string> authors;
    if (past != nullptr) {
        for (const auto& one : past->holders) add_authors(*past->registry, one.roles, authors);
    }
    const auto named = co_await names_for(v.at, std::move(authors));
    co_return past_form(v, past, named);
}

page post_past(console_request& v) {
    past_question asked;
    asked.member = member_slug(v.in_form("member"));
    asked.application = application_key(v.in_form("application"));
    asked.role = role_name(v.in_form("role"));
    asked.day = parse_day(v.in_form("day"));
    asked.purpose = v.in_form("purpose");
    auto running = co_await begin_past_access(v.at, v.who, std::move(asked));
    if (running) co_return http::see_other("/console/jobs/" + (*running)->id);
    v.problem = running.error();
    co_return past_form(v, nullptr, {});
}

}  // namespace kommpass::idp::console
