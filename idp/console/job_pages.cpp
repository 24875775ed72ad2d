#include "idp/admin/desk.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/personal_data.hpp"
#include "idp/api/handlers.hpp"
#include "idp/console/pages.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

namespace kommpass::idp::console {

// Where the result of a job is shown.
static std::string result_path(const job& one, const boost::json::value& result) {
    if (one.kind == "roles") return "/console/roles?job=" + one.id;
    if (one.kind == "simulation") return "/console/mappings/preview?job=" + one.id;
    const auto set_up = [&](const char* step) {
        return "/console/members/" + std::string(result.at("member").as_string()) +
               "/set-up?step=" + step + "&job=" + one.id;
    };
    if (one.kind == "certificates") return set_up("2");
    if (one.kind == "set-up-test") return set_up("4");
    if (one.kind == "past-access") return "/console/past?job=" + one.id;
    if (one.kind == "key-rotation") return "/console/keys?done=keys";
    if (one.kind == "directory-test" || one.kind == "audit-verification")
        return "/console/checks?job=" + one.id;
    const auto* id = result.is_object() ? result.get_object().if_contains("id") : nullptr;
    return id == nullptr ? "/console/campaigns" : "/console/campaigns?done=campaign";
}

page job_page(console_request& v) {
    const auto found = v.parts.desk.running.find(v.who.id(), v.segment(1));
    if (!found) co_return show_refusal(v, no_such_thing());
    if (const auto ended = found->outcome()) {
        if (!*ended) co_return show_refusal(v, ended->error());
        co_return http::see_other(result_path(*found, **ended));
    }
    web::page_data data;
    web::put(data, "job", found->id);
    const auto done = std::to_string(found->done.load());
    const auto of = std::to_string(std::max<std::size_t>(1, found->of.load()));
    web::put(data, "done", done);
    web::put(data, "of", of);
    web::put(data, "progress_text", done + " / " + of + " " + v.text("console.job_read"));
    co_return show(v, "console_job", v.text("console.job"), std::move(data));
}

page job_json_file(console_request& v) {
    auto id = v.segment(1);
    id.resize(id.size() - std::string_view(".json").size());
    const auto found = v.parts.desk.running.find(v.who.id(), id);
    if (!found) co_return http::json(404, R"({"state":"unknown"})");
    auto told = api::job_json(*found);
    told.erase("result");
    co_return http::json(200, boost::json::serialize(told));
}

page post_directory_test(console_request& v) {
    auto running = co_await begin_directory_test(v.parts, v.at, v.who, member_slug(v.segment(1)));
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

page post_audit_verification(console_request& v) {
    auto running = co_await begin_audit_verification(v.parts, v.at, v.who);
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

std::vector<web::page_data> finding_rows(const console_request& v,
                                         const boost::json::object& result) {
    const std::string lang = v.lang == web::language::en ? "en" : "de";
    std::vector<web::page_data> rows;
    for (const auto& one : result.at("findings").as_array()) {
        const auto& finding = one.as_object();
        const auto level = text_of(finding, "level");
        web::page_data row;
        web::put(row, "level", v.text("check." + level));
        web::put(row, "badge",
                 level == "ok"        ? "success"
                 : level == "note"    ? "info"
                 : level == "warning" ? "warning"
                                      : "danger");
        web::put(row, "subject", text_of(finding, "subject"));
        web::put(row, "finding", text_of(finding, "text_" + lang));
        if (level != "note") web::put(row, "remedy", text_of(finding, "remedy_" + lang));
        rows.push_back(std::move(row));
    }
    return rows;
}

page check_result_page(console_request& v) {
    const auto found = v.parts.desk.running.find(v.who.id(), v.in_query("job"));
    const auto ended = found ? found->outcome() : nullptr;
    if (!ended || !*ended) co_return show_refusal(v, no_such_thing());
    const auto& result = (**ended).as_object();
    web::page_data data;
    if (found->kind == "directory-test") {
        web::put(data, "verdict",
                 v.text(result.at("failed").as_bool() ? "check.failed" : "check.passed"));
        web::put_list(data, "findings", finding_rows(v, result));
        co_return show(v, "console_check", v.member_name(member_slug(text_of(result, "member"))),
                       std::move(data));
    }
    const bool whole = result.at("whole").as_bool();
    web::put(data, "verdict",
             whole
                 ? v.text("check.whole")
                 : v.text("check.broken") + " " + std::to_string(result.at("fault_at").as_int64()) +
                       ": " + text_of(result, "fault"));
    const auto number = [&](const char* name) {
        return std::to_string(boost::json::value_to<long long>(result.at(name)));
    };
    put_facts(data, {{v.text("check.records"), number("records")},
                     {v.text("console.from"), text_of(result, "from")},
                     {v.text("console.until_label"), text_of(result, "until")},
                     {v.text("check.checkpoints"), number("checkpoints")},
                     {v.text("check.emptied"), number("contents_removed")},
                     {v.text("check.forgotten"), number("addresses_forgotten")}});
    co_return show(v, "console_check", v.text("console.audit"), std::move(data));
}

page personal_data_file(console_request& v) {
    const auto held = co_await personal_data(v.at, v.who, person_id(v.segment(1)));
    if (!held) co_return show_refusal(v, held.error());
    auto file = http::json(200, boost::json::serialize(*held));
    file.headers.emplace_back("Content-Disposition",
                              "attachment; filename=\"kommpass-auskunft.json\"");
    co_return file;
}

page post_cancel(console_request& v) {
    const auto found = v.parts.desk.running.find(v.who.id(), v.in_form("job"));
    if (!found) co_return show_refusal(v, no_such_thing());
    found->cancelled.store(true);
    web::page_data data;
    web::put(data, "message", v.text("console.cancelled"));
    web::put(data, "back", "/console");
    co_return show(v, "console_message", v.text("console.cancel"), std::move(data));
}

}  // namespace kommpass::idp::console
