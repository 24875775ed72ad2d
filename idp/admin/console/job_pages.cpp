#include "idp/admin/api/handlers.hpp"
#include "idp/admin/console/pages.hpp"
#include "idp/admin/desk.hpp"

#include <boost/json/serialize.hpp>

namespace kommpass::idp::admin::console {

// Where the result of a job is shown.
static std::string result_path(const job& one, const boost::json::value& result) {
    if (one.kind == "roles") return "/console/roles?job=" + one.id;
    if (one.kind == "simulation") return "/console/mappings/preview?job=" + one.id;
    const auto* id = result.is_object() ? result.get_object().if_contains("id") : nullptr;
    return id == nullptr ? "/console/campaigns" : "/console/campaigns?done=campaign";
}

page job_page(visit& v) {
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

page job_json_file(visit& v) {
    auto id = v.segment(1);
    id.resize(id.size() - std::string_view(".json").size());
    const auto found = v.parts.desk.running.find(v.who.id(), id);
    if (!found) co_return http::json(404, R"({"state":"unknown"})");
    auto told = api::job_json(*found);
    told.erase("result");
    co_return http::json(200, boost::json::serialize(told));
}

page post_cancel(visit& v) {
    const auto found = v.parts.desk.running.find(v.who.id(), v.in_form("job"));
    if (!found) co_return show_refusal(v, no_such_thing());
    found->cancelled.store(true);
    web::page_data data;
    web::put(data, "message", v.text("console.cancelled"));
    web::put(data, "back", "/console");
    co_return show(v, "console_message", v.text("console.cancel"), std::move(data));
}

}  // namespace kommpass::idp::admin::console
