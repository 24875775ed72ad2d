#include "config/vocabulary/name_folding.hpp"
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
#include "policies/explain.hpp"

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

struct matrix_row {
    std::string person, display, login, role, title, scope, reason;
};

std::string scope_of(const console_request& v, const std::vector<member_slug>& members,
                     const member_slug& own) {
    if (members.size() == 1 && members.front() == own) return {};
    std::vector<std::string> names;
    for (const auto& one : members) names.push_back(v.member_name(one));
    return v.text("console.holds_for") + ": " + joined(names);
}

// `named`: whose ids stand in the reasons by their names, for people; none for machines.
std::vector<matrix_row> rows_of(const console_request& v, const role_matrix& matrix,
                                const shown_names& named) {
    std::vector<matrix_row> rows;
    for (const auto& holder : matrix.holders) {
        for (const auto& role : holder.roles.roles) {
            std::vector<std::string> reasons;
            for (const auto& why : role.because)
                reasons.push_back(
                    with_names(sentence(*matrix.registry, why, policies::language::de), named));
            const auto* known = matrix.registry->find_role(role.name);
            rows.push_back({holder.person.str(), holder.display_name, holder.login_name,
                            role.name.str(), known == nullptr ? std::string() : known->title.de,
                            scope_of(v, role.for_members, matrix.member), joined(reasons, "; ")});
        }
    }
    return rows;
}

// In the order of the rows: by name, and of one person by role.
std::string key_of(const matrix_row& row) {
    return row.display + '\x01' + row.login + '\x01' + row.role;
}

bool matches(const matrix_row& row, const std::string& filter) {
    if (filter.empty()) return true;
    const auto wanted = folded_name(filter);
    for (const auto* one : {&row.display, &row.login, &row.role, &row.title, &row.reason}) {
        if (folded_name(*one).find(wanted) != std::string::npos) return true;
    }
    return false;
}

// How the job ended; null if it runs, or is another's.
std::shared_ptr<const job_outcome> ended_job(const console_request& v, const std::string& id) {
    const auto found = v.at.running.find(v.who, id);
    return found ? found->outcome() : nullptr;
}

}  // namespace

std::string csv_field(std::string_view text) {
    std::string field = "\"";
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        field += "'";
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + "\"";
}

page roles_page(console_request& v) {
    const auto members = members_for(v.at, v.who, operation::see_roles);
    if (!members) co_return show_refusal(v, members.error());
    page_data data;
    const auto id = v.in_query("job");
    const auto filter = v.in_query("filter");
    auto selected = v.in_query("member");
    const auto ended = ended_job(v, id);
    if (const auto* matrix = result_of<role_matrix>(ended)) {
        selected = matrix->member.str();
        std::vector<std::string> authors;
        for (const auto& holder : matrix->holders)
            add_authors(*matrix->registry, holder.roles, authors);
        const auto named = co_await names_for(v.at, std::move(authors));
        auto rows = rows_of(v, *matrix, named);
        std::erase_if(rows, [&](const matrix_row& row) { return !matches(row, filter); });
        const auto row_of = [](const matrix_row& row) {
            page_data one;
            put(one, "person", row.person);
            put(one, "display", row.display.empty() ? row.login : row.display);
            put(one, "login", row.login);
            put(one, "role", row.role);
            put(one, "role_title", row.title.empty() ? row.role : row.title);
            put(one, "scope", row.scope);
            put(one, "reason", row.reason);
            return one;
        };
        flag(data, "has_matrix", true);
        if (const auto left_out = extent_text(v, matrix->came); !left_out.empty())
            put(data, "cut_off", left_out);
        flag(data, "empty", rows.empty());
        put(data, "job", id);
        put(data, "filter", filter);
        put(data, "count_text", v.text("console.row_count") + " " + std::to_string(rows.size()));
        put_page(v, data, "rows", rows, key_of, row_of);
    }
    put_list(data, "members", member_options(members->documents, selected));
    co_return show(v, "console_roles", v.text("console.who_holds_what"), std::move(data));
}

page roles_csv_file(console_request& v) {
    const auto ended = ended_job(v, v.in_query("job"));
    const auto* matrix = result_of<role_matrix>(ended);
    if (matrix == nullptr) co_return show_refusal(v, no_such_thing());
    http::response file;
    file.content_type = "text/csv; charset=utf-8";
    file.body = "person,person_id,login_name,role,title,scope,reason\r\n";
    for (const auto& row : rows_of(v, *matrix, {})) {
        file.body += csv_field(row.display) + "," + csv_field(row.person) + "," +
                     csv_field(row.login) + "," + csv_field(row.role) + "," + csv_field(row.title) +
                     "," + csv_field(row.scope) + "," + csv_field(row.reason) + "\r\n";
    }
    const bool whole = matrix->came.whole();
    if (!whole) file.body += ",,,,,," + csv_field(extent_text(v, matrix->came)) + "\r\n";
    const std::string name = whole ? "kommpass-roles.csv" : "kommpass-roles-incomplete.csv";
    file.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
    co_return file;
}

page post_roles(console_request& v) {
    auto running = co_await begin_role_matrix(v.at, v.who, member_slug(v.in_form("member")));
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

}  // namespace kommpass::idp::console
