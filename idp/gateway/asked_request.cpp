#include "idp/gateway/asked_request.hpp"

#include "config/vocabulary/ascii_case.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"
#include "policies/snapshot.hpp"

#include <algorithm>

namespace kommpass::idp::gateway {
namespace {

constexpr std::size_t longest_return = 2'000;  // it travels in addresses

// Navigations ask for a page, and say so: by Fetch Metadata where the browser has it, else by what
// they accept.
bool is_navigation(const http::request& request, std::string_view method) {
    if (!equals_ignoring_case(method, "GET") && !equals_ignoring_case(method, "HEAD")) return false;
    if (request.header("x-requested-with") || request.header("upgrade")) return false;
    if (const auto mode = request.header("sec-fetch-mode")) return mode == "navigate";
    const auto accept = request.header("accept").value_or("*/*");
    return accept.find("text/html") != std::string_view::npos ||
           accept.find("*/*") != std::string_view::npos;
}

bool is_method(std::string_view text) { return text.size() <= 32 && http::is_token(text); }

}  // namespace

const policies::application* application_at(const policies::snapshot& registry,
                                            std::string_view host) {
    for (const auto& [key, one] : registry.documents().applications) {
        const auto& hosts = one.gateway.hosts;
        if (std::find(hosts.begin(), hosts.end(), host) != hosts.end()) return &one;
    }
    return nullptr;
}

result<asked_host, asked_error> read_asked_host(const http::request& request,
                                                const policies::snapshot& registry) {
    const auto named = request.header("x-forwarded-host");
    const auto scheme = request.header("x-forwarded-proto");
    if (!named || !scheme) return asked_error("no_forwarded_address");
    if (*scheme != "https") return asked_error("not_https");
    auto host = lower_case(*named);
    if (host.ends_with(":443")) host.resize(host.size() - 4);
    const auto* application = application_at(registry, host);
    if (application == nullptr) return asked_error("unknown_host");
    return asked_host{application, std::move(host)};
}

result<asked_request, asked_error> read_asked(const http::request& request,
                                              const policies::snapshot& registry) {
    auto at = read_asked_host(request, registry);
    if (!at) return at.error();
    const auto uri = request.header("x-forwarded-uri");
    const auto method = request.header("x-forwarded-method");
    if (!uri || uri->empty() || !method || !is_method(*method))
        return asked_error("no_forwarded_address");
    asked_request asked{*std::move(at), std::string(*uri), read_path(*uri), std::string(*method)};
    asked.is_background = !is_navigation(request, asked.method);
    asked.is_preflight = asked.method == "OPTIONS" &&
                         request.header("access-control-request-method").has_value() &&
                         request.header("origin").has_value();
    return asked;
}

std::string safe_return(std::string_view uri) {
    const bool fits = !uri.empty() && uri.size() <= longest_return;
    return fits && !read_path(uri).ambiguous ? std::string(uri) : "/";
}

}  // namespace kommpass::idp::gateway
