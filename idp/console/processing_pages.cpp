// The record of processing (DSGVO Art. 30).
#include "idp/admin/operation_context.hpp"
#include "idp/admin/processing.hpp"
#include "idp/console/pages.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::console {
namespace {

using web::page_data;
using web::put;
using web::put_list;

std::string text_of(const boost::json::object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

}  // namespace

page processing_page(console_request& v) {
    const auto made = processing_overview(v.at, v.who);
    if (!made) co_return show_refusal(v, made.error());
    const auto texts = [](const boost::json::value& list) {
        std::vector<std::string> all;
        for (const auto& one : list.as_array()) all.emplace_back(one.as_string());
        return joined(all);
    };
    page_data data;
    std::vector<page_data> applications;
    for (const auto& entry : made->at("applications").as_array()) {
        const auto& one = entry.as_object();
        page_data row;
        put(row, "application", text_of(one, "name"));
        put(row, "note", text_of(one, "description"));
        const member_slug operates(text_of(one, "operated_by"));
        if (!operates.empty()) put(row, "operated_by", v.member_name(operates));
        std::vector<std::string> names;
        for (const auto& slug : one.at("members").as_array())
            names.push_back(v.member_name(member_slug(std::string(slug.as_string()))));
        put(row, "booked_by", names.empty() ? v.text("processing.nobody") : joined(names));
        std::vector<page_data> recipients;
        for (const auto& client : one.at("recipients").as_array()) {
            page_data inner;
            put(inner, "client", text_of(client.as_object(), "client"));
            const auto purpose = text_of(client.as_object(), "purpose");
            put(inner, "purpose_text", purpose.empty() ? v.text("processing.no_purpose") : purpose);
            put(inner, "claims", texts(client.at("claims")));
            recipients.push_back(std::move(inner));
        }
        put_list(row, "recipients", std::move(recipients));
        applications.push_back(std::move(row));
    }
    put_list(data, "applications", std::move(applications));
    std::vector<std::pair<std::string, std::string>> facts;
    for (const auto& [name, days] : made->at("retention_days").as_object())
        facts.emplace_back(v.text("processing." + std::string(name)),
                           std::to_string(days.as_int64()));
    put_facts(data, facts);
    co_return show(v, "console_processing", v.text("processing.title"), std::move(data));
}

page processing_file(console_request& v) {
    const auto made = processing_overview(v.at, v.who);
    if (!made) co_return show_refusal(v, made.error());
    auto file = http::json(200, boost::json::serialize(*made));
    file.headers.emplace_back("Content-Disposition",
                              "attachment; filename=\"kommpass-verarbeitung.json\"");
    co_return file;
}

}  // namespace kommpass::idp::console
