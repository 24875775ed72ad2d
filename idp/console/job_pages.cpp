#include "idp/admin/actor.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/personal_data.hpp"
#include "idp/console/pages.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/web/language.hpp"

#include <fmt/chrono.h>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::console {

namespace {

namespace diagnosis = directory::diagnosis;

// Who holds what, read before a booking ends.
bool ends_booking(const job& one) { return one.remembered().contains("ends_booking"); }
std::string booking(const job& one) { return "/console/subscriptions/end?job=" + one.id; }

// Where the result of a job is shown.
struct shown_at {
    const job& one;

    std::string operator()(const simulated_change&) const {
        return "/console/mappings/preview?job=" + one.id;
    }
    std::string operator()(const role_matrix&) const {
        return ends_booking(one) ? booking(one) : "/console/roles?job=" + one.id;
    }
    std::string operator()(const begun_campaign&) const {
        return "/console/campaigns?done=campaign";
    }
    std::string operator()(const past_access&) const { return "/console/past?job=" + one.id; }
    std::string operator()(const directory_test& made) const {
        return one.kind == "set-up-test" ? set_up(made.member, "4") : check();
    }
    std::string operator()(const certificate_look& made) const { return set_up(made.member, "2"); }
    std::string operator()(const rotated_keys&) const { return "/console/keys?done=keys"; }
    std::string operator()(const audit::chain_report&) const { return check(); }

private:
    std::string check() const { return "/console/checks?job=" + one.id; }
    std::string set_up(const member_slug& member, const char* step) const {
        return "/console/members/" + member.str() + "/set-up?step=" + step + "&job=" + one.id;
    }
};

struct level_words {
    const char* text;
    const char* badge;
};

level_words words_for(diagnosis::level how) {
    switch (how) {
        case diagnosis::level::ok:
            return {"check.ok", "success"};
        case diagnosis::level::note:
            return {"check.note", "info"};
        case diagnosis::level::warning:
            return {"check.warning", "warning"};
        case diagnosis::level::failure:
            break;
    }
    return {"check.failure", "danger"};
}

// "2026-11-21T07:40:12Z"; empty for 1970.
std::string utc_text(instant at) {
    if (at == instant{}) return {};
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(at));
}

}  // namespace

page job_page(console_request& v) {
    const auto found = v.at.running.find(v.who, v.segment(1));
    if (!found) co_return show_refusal(v, no_such_thing());
    if (const auto ended = found->outcome()) {
        // It may be ended all the same, and then whoever does it knows that nobody could be asked.
        if (!ended->value && ends_booking(*found)) co_return http::see_other(booking(*found));
        if (!ended->value) co_return show_refusal(v, ended->value.error());
        co_return http::see_other(std::visit(shown_at{*found}, *ended->value));
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
    const auto found = v.at.running.find(v.who, id);
    if (!found) co_return http::json(404, R"({"state":"unknown"})");
    const auto ended = found->outcome();
    boost::json::object told;
    told["id"] = found->id;
    told["kind"] = found->kind;
    told["done"] = found->done.load();
    told["of"] = found->of.load();
    told["state"] = !ended ? "running" : ended->value ? "finished" : "failed";
    if (ended && !ended->value) told["code"] = ended->value.error().code;
    co_return http::json(200, boost::json::serialize(told));
}

page post_directory_test(console_request& v) {
    auto running = co_await begin_directory_test(v.at, v.who, member_slug(v.segment(1)));
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

page post_audit_verification(console_request& v) {
    auto running = co_await begin_audit_verification(v.at, v.who);
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

std::vector<web::page_data> finding_rows(const console_request& v, const diagnosis::report& said) {
    const auto lang =
        v.lang == web::language::en ? diagnosis::language::en : diagnosis::language::de;
    std::vector<web::page_data> rows;
    for (const auto& one : said.findings()) {
        const auto words = words_for(one.what->level);
        web::page_data row;
        web::put(row, "level", v.text(words.text));
        web::put(row, "badge", words.badge);
        web::put(row, "subject", one.subject);
        web::put(row, "finding", text_of(one, lang));
        if (one.what->level != diagnosis::level::note)
            web::put(row, "remedy", std::string(remedy_of(one, lang)));
        rows.push_back(std::move(row));
    }
    return rows;
}

static http::response chain_page(const console_request& v, const audit::chain_report& made) {
    web::page_data data;
    web::put(data, "verdict",
             made.fault ? v.text("check.broken") + " " + std::to_string(made.fault->sequence) +
                              ": " + made.fault->what
                        : v.text("check.whole"));
    put_facts(data, {{v.text("check.records"), std::to_string(made.records)},
                     {v.text("console.from"), utc_text(made.from)},
                     {v.text("console.until_label"), utc_text(made.until)},
                     {v.text("check.checkpoints"), std::to_string(made.checkpoints)},
                     {v.text("check.emptied"), std::to_string(made.contents_removed)},
                     {v.text("check.forgotten"), std::to_string(made.addresses_forgotten)}});
    return show(v, "console_check", v.text("console.audit"), std::move(data));
}

page check_result_page(console_request& v) {
    const auto found = v.at.running.find(v.who, v.in_query("job"));
    const auto ended = found ? found->outcome() : nullptr;
    if (const auto* report = result_of<audit::chain_report>(ended))
        co_return chain_page(v, *report);
    const auto* test = result_of<directory_test>(ended);
    if (test == nullptr) co_return show_refusal(v, no_such_thing());
    web::page_data data;
    web::put(data, "verdict", v.text(test->said.failed() ? "check.failed" : "check.passed"));
    web::put_list(data, "findings", finding_rows(v, test->said));
    co_return show(v, "console_check", v.member_name(test->member), std::move(data));
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
    const auto found = v.at.running.find(v.who, v.in_form("job"));
    if (!found) co_return show_refusal(v, no_such_thing());
    found->cancelled.store(true);
    co_return go_on("/console", "cancelled");
}

}  // namespace kommpass::idp::console
