// Active persons for each member and application.
#include "idp/admin/audit_search.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/console/pages.hpp"

namespace kommpass::idp::console {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

page usage_page(console_request& v) {
    auto month = v.in_query("month");
    if (month.empty()) month = to_string(v.at.today()).substr(0, 7);
    const auto rows = co_await usage_report(v.at, v.who, month);
    page_data data;
    put(data, "month", month);
    if (!rows) v.problem = rows.error();
    std::vector<page_data> list;
    if (rows) {
        for (const auto& row : *rows) {
            page_data one;
            put(one, "row_member", v.member_name(row.member));
            put(one, "row_application", v.application_name(row.application));
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
