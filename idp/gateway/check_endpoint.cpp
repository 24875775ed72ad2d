#include "idp/gateway/check_endpoint.hpp"

#include "idp/gateway/asked_request.hpp"
#include "idp/gateway/gatekeeper.hpp"
#include "idp/gateway/host_addresses.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "policies/snapshot.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <utility>

namespace kommpass::idp::gateway {
namespace {

using boost::asio::awaitable;
using verdict = outcome::verdict;

// Where the sign-in begins; and the same where a page is asked for, to be led there.
constexpr auto sign_in_header = "X-Kommpass-Sign-In";
constexpr auto location_header = "X-Kommpass-Location";

http::response refusal(unsigned status, std::string_view reason, std::string_view sign_in) {
    boost::json::object body{{"error", reason}};
    if (!sign_in.empty()) body["sign_in"] = sign_in;
    return http::json(status, boost::json::serialize(body));
}

bool takes_statuses_alone(const http::request& request) {
    return request.query == "answers=status";
}

unsigned status_of(verdict what) {
    switch (what) {
        case verdict::let_through:
            return 200;
        case verdict::refused:
            return 403;
        case verdict::unavailable:
            return 503;
        default:
            return 401;
    }
}

http::response let_through(header_list headers) {
    http::response answer;
    answer.headers = std::move(headers);
    return answer;
}

http::response kept_out(const http::request& request, const asked_request& asked,
                        const outcome& decided) {
    const auto status = status_of(decided.what);
    if (decided.what == verdict::unavailable) return refusal(status, decided.reason, {});
    const auto sign_in = start_address(asked.at.host, asked.uri);
    const bool leads_on = !asked.is_background && decided.what != verdict::bad_token;
    const bool redirects = leads_on && !takes_statuses_alone(request);
    auto answer = refusal(redirects ? 302 : status, decided.reason, sign_in);
    answer.headers.emplace_back(sign_in_header, sign_in);
    answer.headers.emplace_back(location_header, leads_on ? sign_in : std::string());
    if (redirects) answer.headers.emplace_back("Location", sign_in);
    if (decided.what == verdict::bad_token)
        answer.headers.emplace_back("WWW-Authenticate", R"(Bearer error="invalid_token")");
    return answer;
}

}  // namespace

awaitable<http::response> check_endpoint::operator()(const http::request& request) {
    auto registry = parts_.registry.get();
    const auto asked = read_asked(request, *registry);
    if (!asked) co_return refusal(403, asked.error(), {});
    auto decided = co_await gate_.judge(request, *asked, registry);
    if (decided.what == verdict::let_through) co_return let_through(std::move(decided.headers));
    co_return kept_out(request, *asked, decided);
}

}  // namespace kommpass::idp::gateway
