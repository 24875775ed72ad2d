#include "idp/api/addresses.hpp"

#include "idp/admin/refusal.hpp"
#include "idp/api/problem.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/http/router.hpp"

#include <tuple>

namespace kommpass::idp::api {
namespace {

constexpr std::string_view prefix = "/api/v1";

// Walks an address and a template in step; "{name}" takes one segment.
bool matches(std::string_view address, std::string_view pattern,
             std::map<std::string, std::string, std::less<>>& taken) {
    while (!pattern.empty() || !address.empty()) {
        if (pattern.empty() || address.empty()) return false;
        pattern.remove_prefix(1);  // both begin with '/'
        address.remove_prefix(1);
        const auto wanted = pattern.substr(0, pattern.find('/'));
        const auto given = address.substr(0, address.find('/'));
        pattern.remove_prefix(wanted.size());
        address.remove_prefix(given.size());
        if (wanted.starts_with('{')) {
            if (given.empty() || given.size() > 128) return false;
            taken.emplace(wanted.substr(1, wanted.size() - 2), given);
        } else if (wanted != given) {
            return false;
        }
    }
    return true;
}

std::string allowed_at(std::string_view address) {
    std::string allowed;
    const auto add = [&](std::string_view one) {
        allowed.append(allowed.empty() ? "" : ", ").append(one);
    };
    if (address == document_address) return "GET, HEAD";
    for (const auto& one : endpoints()) {
        std::map<std::string, std::string, std::less<>> path;
        if (!matches(address, one.path, path)) continue;
        add(http::to_string(one.method));
        if (one.method == http::method::get) add("HEAD");
    }
    return allowed;
}

}  // namespace

found_endpoint find(http::method method, std::string_view address) {
    if (method == http::method::head) method = http::method::get;
    found_endpoint found;
    for (const auto& one : endpoints()) {
        std::map<std::string, std::string, std::less<>> path;
        if (!matches(address, one.path, path)) continue;
        if (one.method == method) return {&one, false, std::move(path)};
        found.other_method = true;
    }
    return found;
}

std::optional<std::string_view> address_of(std::string_view path) {
    if (!path.starts_with(prefix) || path.substr(prefix.size()).substr(0, 1) != "/")
        return std::nullopt;
    return path.substr(prefix.size());
}

http::response wrong_method(std::string_view address, std::string_view request_id) {
    auto no = problem(405, "method_not_allowed", "Not with this method", request_id);
    no.headers.emplace_back("Allow", allowed_at(address));
    return no;
}

bool is_api_path(std::string_view path) noexcept { return path.starts_with("/api/"); }

http::response refused_before(const http::request& request, unsigned status) {
    const auto address = address_of(request.path);
    if (status == 405) return wrong_method(address.value_or(std::string_view()), request.id);
    const std::tuple<unsigned, const char*, const char*> known[] = {
        {404, "not_found", "There is no such thing, or it is not yours to see"},
        {408, "too_slow", "The request did not arrive in time"},
        {413, "body_too_large", "The body is larger than the service takes"},
        {414, "address_too_long", "The address is longer than the service takes"},
        {417, "unknown_expectation", "The service does not know what is expected of it"},
        {431, "headers_too_large", "The header is larger than the service takes"},
        {501, "unknown_method", "The service does not know this method"}};
    for (const auto& [one, code, title] : known) {
        if (one == status) return problem(status, code, title, request.id);
    }
    if (status >= 500)
        return problem(status, "failed", "Something went wrong in the service", request.id);
    return problem(status, "malformed_request", "This is no proper request", request.id);
}

}  // namespace kommpass::idp::api
