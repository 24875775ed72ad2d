#include "config/vocabulary/name_folding.hpp"
#include "idp/admin/desk.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/console/pages.hpp"

#include <boost/json/array.hpp>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

struct matrix_row {
    std::string person, display, login, role, title, scope, reason;
};

std::string scope_of(const console_request& v, const boost::json::object& role,
                     const std::string& own) {
    std::vector<std::string> names;
    for (const auto& one : role.at("for_members").as_array())
        names.emplace_back(one.as_string().c_str());
    if (names.size() == 1 && names.front() == own) return {};
    for (auto& one : names) one = v.member_name(member_slug(one));
    return v.text("console.holds_for") + ": " + joined(names);
}

std::vector<matrix_row> rows_of(const console_request& v, const boost::json::object& matrix) {
    std::vector<matrix_row> rows;
    const auto member = text_of(matrix, "member");
    for (const auto& one : matrix.at("holders").as_array()) {
        const auto& holder = one.as_object();
        for (const auto& held : holder.at("evaluation").at("roles").as_array()) {
            const auto& role = held.as_object();
            std::vector<std::string> reasons;
            for (const auto& why : role.at("because").as_array())
                reasons.push_back(text_of(why.as_object(), "sentence"));
            rows.push_back({text_of(holder, "person"), text_of(holder, "display_name"),
                            text_of(holder, "login_name"), text_of(role, "role"),
                            text_of(role, "title"), scope_of(v, role, member),
                            joined(reasons, "; ")});
        }
    }
    return rows;
}

bool matches(const matrix_row& row, const std::string& filter) {
    if (filter.empty()) return true;
    const auto wanted = lower_case(filter);
    for (const auto* one : {&row.display, &row.login, &row.role, &row.title, &row.reason}) {
        if (lower_case(*one).find(wanted) != std::string::npos) return true;
    }
    return false;
}

// The finished matrix of a job; null if there is none.
std::shared_ptr<const answer<boost::json::value>> matrix_of(const console_request& v,
                                                            const std::string& id) {
    const auto found = v.parts.desk.running.find(v.who.id(), id);
    if (!found || found->kind != "roles") return nullptr;
    auto made = found->outcome();
    return made && *made ? made : nullptr;
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
    if (!v.who.may_anywhere(operation::see_roles)) co_return show_refusal(v, no_such_thing());
    page_data data;
    const auto id = v.in_query("job");
    const auto filter = v.in_query("filter");
    auto selected = v.in_query("member");
    if (const auto made = matrix_of(v, id)) {
        const auto& matrix = (**made).as_object();
        selected = text_of(matrix, "member");
        std::vector<page_data> list;
        std::size_t count = 0;
        constexpr std::size_t most_rows = 2000;
        for (const auto& row : rows_of(v, matrix)) {
            if (!matches(row, filter)) continue;
            if (++count > most_rows) continue;
            page_data one;
            put(one, "person", row.person);
            put(one, "display", row.display.empty() ? row.login : row.display);
            put(one, "login", row.login);
            put(one, "role", row.role);
            put(one, "role_title", row.title.empty() ? row.role : row.title);
            put(one, "scope", row.scope);
            put(one, "reason", row.reason);
            list.push_back(std::move(one));
        }
        flag(data, "has_matrix", true);
        flag(data, "empty", list.empty());
        put(data, "job", id);
        put(data, "filter", filter);
        put(data, "count_text", v.text("console.row_count") + " " + std::to_string(count));
        put_list(data, "rows", std::move(list));
    }
    put_list(data, "members", member_options(v, operation::see_roles, selected));
    co_return show(v, "console_roles", v.text("console.who_holds_what"), std::move(data));
}

page roles_csv_file(console_request& v) {
    const auto made = matrix_of(v, v.in_query("job"));
    if (!made) co_return show_refusal(v, no_such_thing());
    http::response file;
    file.content_type = "text/csv; charset=utf-8";
    file.body = "person,login_name,role,title,scope,reason\r\n";
    for (const auto& row : rows_of(v, (**made).as_object())) {
        file.body += csv_field(row.display) + "," + csv_field(row.login) + "," +
                     csv_field(row.role) + "," + csv_field(row.title) + "," + csv_field(row.scope) +
                     "," + csv_field(row.reason) + "\r\n";
    }
    file.headers.emplace_back("Content-Disposition", "attachment; filename=\"kommpass-roles.csv\"");
    co_return file;
}

page post_roles(console_request& v) {
    auto running =
        co_await begin_role_matrix(v.parts, v.at, v.who, member_slug(v.in_form("member")));
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

}  // namespace kommpass::idp::console
