#include "idp/console/console_endpoint.hpp"

#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/request_context.hpp"
#include "idp/admin/under_way.hpp"
#include "idp/console/console_session.hpp"
#include "idp/console/form_again.hpp"
#include "idp/console/pages.hpp"
#include "idp/http/form.hpp"
#include "idp/http/router.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/own_form.hpp"
#include "idp/store/person.hpp"
#include "idp/web/language.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

using boost::asio::awaitable;

struct route {
    http::method method;
    const char* pattern;  // '*' takes one segment
    page (*answer)(console_request&);
    // Of a form: its page, with what was typed and why nothing was done.
    page (*again)(console_request&) = nullptr;
};

constexpr route routes[] = {
    {http::method::get, "", overview_page},
    {http::method::get, "members/new", new_member_page},
    {http::method::get, "members/*", member_page},
    {http::method::get, "members/*/set-up", set_up_page},
    {http::method::get, "members/*/invitation", invitation_page},
    {http::method::get, "applications/*/clients/*", client_page},
    {http::method::get, "applications/*/clients/*/claims", client_claims_page},
    {http::method::get, "applications/*/registration-token", registration_token_page},
    {http::method::get, "applications/*/roles/*", catalogue_role_page},
    {http::method::get, "keys", keys_page},
    {http::method::get, "outbox", outbox_page},
    {http::method::get, "past", past_page},
    {http::method::get, "processing", processing_page},
    {http::method::get, "processing.json", processing_file},
    {http::method::get, "applications", applications_page},
    {http::method::get, "applications/*", application_page},
    {http::method::get, "usage", usage_page},
    {http::method::get, "usage.csv", usage_csv_file},
    {http::method::get, "roles", roles_page},
    {http::method::get, "roles.csv", roles_csv_file},
    {http::method::get, "mappings", mappings_page},
    {http::method::get, "mappings/*", mapping_page},
    {http::method::get, "persons", persons_page},
    {http::method::get, "persons/*", person_page},
    {http::method::get, "persons/*/personal-data.json", personal_data_file},
    {http::method::get, "checks", check_result_page},
    {http::method::get, "subscriptions/end", booking_end_page},
    {http::method::get, "approvals", approvals_page},
    {http::method::get, "campaigns", campaigns_page},
    {http::method::get, "campaigns/*", campaign_page},
    {http::method::get, "revisions", revisions_page},
    {http::method::get, "revisions/*", revision_page},
    {http::method::get, "audit", audit_page},
    {http::method::get, "jobs/*", job_page},
    {http::method::post, "language", post_language},
    {http::method::post, "subscriptions", post_subscription, booking_end_again},
    {http::method::post, "members", post_member, new_member_page},
    {http::method::post, "members/*/set-up", post_set_up, set_up_again},
    {http::method::post, "members/*/invitation", post_invitation},
    {http::method::post, "members/*/leaves", post_member_leaves},
    {http::method::post, "applications/*/registration-token", post_registration_token},
    {http::method::post, "applications/*/clients/*", post_client, client_again},
    {http::method::post, "applications/*/roles/*", post_catalogue_role, catalogue_role_again},
    {http::method::post, "keys", post_keys},
    {http::method::post, "outbox", post_outbox, outbox_page},
    {http::method::post, "past", post_past, past_page},
    {http::method::post, "roles", post_roles},
    {http::method::post, "mappings/preview", post_mapping, mapping_again},
    {http::method::post, "persons/find", post_find_person, persons_page},
    {http::method::post, "persons/*/*", post_person, person_page},
    {http::method::post, "approvals/*", post_approval, approvals_page},
    {http::method::post, "campaigns", post_campaign, campaigns_page},
    {http::method::post, "campaigns/answer", post_campaign_answer},
    {http::method::post, "revisions/*/rollback", post_rollback, revision_page},
    {http::method::post, "audit", post_audit, audit_answer},
    {http::method::post, "audit/verification", post_audit_verification},
    {http::method::post, "members/*/directory-test", post_directory_test},
    {http::method::post, "jobs/cancel", post_cancel},
};

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    path.remove_prefix(std::min(path.size(), std::string_view("/console").size()));
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0) segments.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

bool matches(std::string_view pattern, const std::vector<std::string>& segments) {
    std::size_t at = 0;
    while (!pattern.empty()) {
        const auto end = std::min(pattern.find('/'), pattern.size());
        const auto wanted = pattern.substr(0, end);
        if (at >= segments.size() || (wanted != "*" && wanted != segments[at])) return false;
        ++at;
        pattern.remove_prefix(std::min(end + 1, pattern.size()));
    }
    return at == segments.size();
}

const route* find_route(http::method method, const std::vector<std::string>& segments) {
    for (const auto& one : routes) {
        if (one.method == method && matches(one.pattern, segments)) return &one;
    }
    return nullptr;
}

// The page of a form that is asked for by itself, at the form's own address.
const route* find_page_again(const console_request& v) {
    if (v.request.method == http::method::post) return nullptr;
    const auto* form = find_route(http::method::post, v.path);
    return form != nullptr && form->again != nullptr ? form : nullptr;
}

// The way of an invitation: the steps of the set-up, and its jobs.
bool is_for_invited(const console_request& v) {
    const auto first = v.segment(0);
    return first == "language" || first == "jobs" ||
           (first == "members" && v.segment(2) == "set-up");
}

// A rule may give every role of a large catalogue, each a parameter.
constexpr std::size_t most_fields = 2000;

// What was sent, or the code of what is wrong with it.
result<http::form, const char*> posted_in(const http::request& request) {
    if (request.method != http::method::post) return http::form();
    const auto type = request.header("content-type").value_or(std::string_view());
    if (!type.starts_with("application/x-www-form-urlencoded")) return "page_expired";
    auto form = http::form::parse(request.body, most_fields);
    if (form) return std::move(*form);
    return form.error() == http::form_error::too_many_parameters ? "too_many_fields"
                                                                 : "page_expired";
}

}  // namespace

std::vector<address> addresses() {
    std::vector<address> all;
    for (const auto& one : routes) all.push_back({one.method, one.pattern});
    return all;
}

bool is_shown_again(const http::request& request) {
    const auto* form = find_route(http::method::post, segments_of(request.path));
    return form != nullptr && form->again != nullptr && sessions::is_own_form(request);
}

// A refused form is answered with a redirect to a page that says so, so that "back" finds pages
// only: its own with what was typed, or one that says nothing else.
static http::response on_a_page(const console_request& v, http::response answer) {
    if (v.request.method != http::method::post || answer.kind != http::answer_kind::page)
        return answer;
    if (v.refused) return to_refusal(v, *v.refused);
    const auto* form = find_route(http::method::post, v.path);
    const bool has_page = form != nullptr && form->again != nullptr;
    auto again = v.problem && has_page ? to_page_again(v) : std::nullopt;
    return again ? *std::move(again) : std::move(answer);
}

// Asks an auditor why, notes it, and lets them on.
static page purpose_page(console_request& v) {
    const bool posts = v.request.method == http::method::post;
    if (posts && v.segment(0) != "purpose") co_return http::see_other("/console/purpose");
    if (posts) {
        const auto noted = co_await state_purpose(v.at, v.who, v.in_form("purpose"));
        if (noted) co_return with_purpose(v.parts, v.request, http::see_other("/console"));
        v.problem = noted.error();
        if (auto again = to_page_again(v)) co_return *std::move(again);
    }
    web::page_data data;
    web::put(data, "purpose", v.in_form("purpose"));
    co_return show(v, "console_purpose", v.text("console.purpose"), std::move(data));
}

page post_language(console_request& v) {
    auto back = v.in_form("back");
    if (!back.starts_with("/console")) back = "/console";
    auto answer = http::see_other(back);
    sessions::set_language_cookie(
        answer, v.in_form("lang") == "en" ? web::language::en : web::language::de);
    co_return answer;
}

static page answer_to(console_request& v, bool needs_purpose) {
    const auto place = v.at.requests.enter(v.who);
    if (!place) co_return show_refusal(v, too_many_at_once());
    const bool posts = v.request.method == http::method::post;
    if (posts && !equal_in_constant_time(v.in_form("csrf"), v.csrf)) {
        if (!is_shown_again(v.request)) co_return show_refusal(v, forbidden("page_expired"));
        v.problem = forbidden("page_expired");
        if (auto again = to_page_again(v)) co_return *std::move(again);
        co_return show_refusal(v, forbidden("page_expired"));
    }
    if (!posts) take_carried(v);
    if (v.refused) co_return show_refusal(v, *v.refused);
    if (needs_purpose) co_return co_await purpose_page(v);
    // It is stated for this session: "back" leads on.
    if (v.path.size() == 1 && v.segment(0) == "purpose") co_return http::see_other("/console");
    if (v.segment(0) == "jobs" && v.segment(1).ends_with(".json"))
        co_return co_await job_json_file(v);
    if (v.who.is_invited() && !is_for_invited(v))
        co_return http::see_other("/console/members/" + v.who.member().str() + "/set-up");
    const auto* route = find_route(v.request.method, v.path);
    const auto* form = find_page_again(v);
    if (route == nullptr || (form != nullptr && !v.in_query("carried").empty())) {
        if (form == nullptr) co_return show_refusal(v, no_such_thing());
        co_return co_await form->again(v);
    }
    auto answer = co_await route->answer(v);
    if (answer.status == 403 || answer.status == 404) {
        const auto* code = answer.status == 403 ? "forbidden" : "not_found";
        co_await note_refused(v.at, v.who, code, route->pattern);
    }
    co_return answer;
}

awaitable<http::response> console_endpoint::operator()(const http::request& request) {
    const auto& p = parts_;
    auto segments = segments_of(request.path);
    if (segments.size() == 1 && segments[0] == "callback")
        co_return co_await console_callback(p, request);
    auto found = co_await find_visitor(p, request);
    if (auto* elsewhere = std::get_if<http::response>(&found)) co_return std::move(*elsewhere);
    const auto& visitor = std::get<console::visitor>(found);
    auto query = http::form::parse(request.query);
    auto posted = posted_in(request);
    auto asked = query ? std::move(*query) : http::form();
    auto typed = posted ? std::move(*posted) : http::form();
    auto at = context_of(p.operations, request);
    at.whose = visitor.who.member().str();
    const auto lang = sessions::frame_for(p.operations.settings, request).lang;
    console_request v{p,
                      request,
                      at,
                      visitor.who,
                      visitor.csrf,
                      visitor.emergency,
                      lang == web::language::en ? web::language::en : web::language::de,
                      std::move(segments),
                      asked,
                      typed};
    if (!query || !posted) {
        const auto* wrong = posted ? "page_expired" : posted.error();
        co_return on_a_page(v, show_refusal(v, invalid({}, wrong)));
    }
    auto answer = co_await answer_to(v, visitor.needs_purpose);
    co_return on_a_page(v, std::move(answer));
}

}  // namespace kommpass::idp::console
