#include "idp/http/dispatcher.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response_head.hpp"
#include "idp/observe/log.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace kommpass::idp::http {
namespace {

response plain_error(const request& asked, unsigned status) {
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    response answer;
    answer.status = status;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = std::to_string(status) + " ";
    answer.body.append(reason.data(), reason.size()).append("\nrequest ").append(asked.id) += '\n';
    return answer;
}

std::string_view header_of(const response& answer, std::string_view name) noexcept {
    for (const auto& [key, value] : answer.headers) {
        if (equals_ignoring_case(key, name)) return value;
    }
    return {};
}

// RFC 9110, 13.1.2; our tags are strong and hold no comma.
bool names_tag(std::string_view if_none_match, std::string_view tag) noexcept {
    while (!if_none_match.empty()) {
        const auto end = std::min(if_none_match.find(','), if_none_match.size());
        auto one = trimmed(if_none_match.substr(0, end));
        if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
        if (one == "*") return true;
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == tag) return true;
    }
    return false;
}

bool is_unmodified(const response& answer, const request& asked) noexcept {
    if (answer.kind != answer_kind::cacheable || answer.status != 200) return false;
    if (asked.method != method::get && asked.method != method::head) return false;
    const auto tag = header_of(answer, "ETag");
    if (tag.empty()) return false;
    const auto condition = asked.header("if-none-match");
    return condition && names_tag(*condition, tag);
}

response preflight(std::string allowed) {
    response answer;
    answer.status = 204;
    answer.allow_any_origin = true;
    answer.headers.emplace_back("Access-Control-Allow-Methods", std::move(allowed));
    answer.headers.emplace_back("Access-Control-Allow-Headers",
                                "Authorization, Content-Type, DPoP");
    answer.headers.emplace_back("Access-Control-Max-Age", "7200");
    return answer;
}

}  // namespace

dispatcher::dispatcher(const router& routes, error_answer on_error, observe::log& log)
    : routes_(routes), on_error_(std::move(on_error)), log_(log) {}

dispatcher::decision dispatcher::decide(const request& asked) const {
    const auto match = routes_.find(asked.method, asked.path);
    decision made;
    made.route = match.found != nullptr ? match.found : match.other_method;
    try {
        if (match.found != nullptr) {
            made.to_await = std::get_if<handler>(&match.found->handle);
            if (made.to_await == nullptr) {
                made.answer = std::get<immediate_handler>(match.found->handle)(asked);
            }
        } else if (match.other_method != nullptr) {
            made.answer = other_method(asked, *match.other_method);
        } else if (routes_.not_found()) {
            made.answer = routes_.not_found()(asked);
        } else {
            made.answer = refuse(asked, 404);
        }
    } catch (...) {
        made.answer = after_exception(asked);
    }
    return made;
}

response dispatcher::other_method(const request& asked, const router::route& route) const {
    auto allowed = routes_.allowed_methods(asked.path);
    if (asked.method == method::options && route.options.cors) return preflight(std::move(allowed));
    return refuse(asked, 405);
}

response dispatcher::refuse(const request& asked, unsigned status) const {
    if (!on_error_) return with_allow(plain_error(asked, status), asked);
    try {
        auto answer = on_error_(asked, status);
        answer.status = status;
        return with_allow(std::move(answer), asked);
    } catch (const std::exception& e) {
        log_.error("http.error_page_failed", {{"request", asked.id}, {"what", e.what()}});
        return plain_error(asked, status);
    }
}

// RFC 9110, 15.5.6. Who is asked may know better than the routes do.
response dispatcher::with_allow(response answer, const request& asked) const {
    const auto is_there =
        std::any_of(answer.headers.begin(), answer.headers.end(),
                    [](const auto& one) { return equals_ignoring_case(one.first, "Allow"); });
    if (answer.status == 405 && !is_there)
        answer.headers.emplace_back("Allow", routes_.allowed_methods(asked.path));
    return answer;
}

response dispatcher::after_exception(const request& asked) const {
    try {
        throw;
    } catch (const std::exception& e) {
        log_.error("http.handler_failed",
                   {{"request", asked.id}, {"path", asked.path}, {"what", e.what()}});
    } catch (...) {
        log_.error("http.handler_failed", {{"request", asked.id}, {"path", asked.path}});
    }
    return refuse(asked, 500);
}

void dispatcher::finish(response& answer, const request& asked, const router::route* route) const {
    if (!is_safe(answer)) {
        log_.error("http.unsafe_answer", {{"request", asked.id}, {"path", asked.path}});
        answer = refuse(asked, 500);
        if (!is_safe(answer)) answer = plain_error(asked, 500);
    }
    if (route != nullptr && route->options.cors) answer.allow_any_origin = true;
    if (is_unmodified(answer, asked)) answer.status = 304;
}

}  // namespace kommpass::idp::http
