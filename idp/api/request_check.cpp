#include "idp/api/request_check.hpp"

#include "idp/api/shapes.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "policies/grant_types.hpp"

#include <algorithm>
#include <limits>

namespace kommpass::idp::api {
namespace {

std::optional<shape_fault> fault_of_query(const endpoint& one, const http::form& query) {
    for (const auto& [name, value] : query.all()) {
        const auto known = std::find_if(
            one.parameters.begin(), one.parameters.end(),
            [&name = name](const auto& of) { return of.in == "query" && of.name == name; });
        if (known == one.parameters.end())
            return shape_fault{name, "unknown_field", "no such parameter"};
        if (auto no = fault_of_text(known->type(), value, name)) return no;
    }
    for (const auto& of : one.parameters) {
        const bool given = std::any_of(query.all().begin(), query.all().end(),
                                       [&](const auto& pair) { return pair.first == of.name; });
        if (of.in == "query" && of.required && !given)
            return shape_fault{std::string(of.name), "missing", "it is needed"};
    }
    return std::nullopt;
}

std::optional<shape_fault> fault_of_headers(const http::request& request) {
    const std::pair<const char*, const shape& (*)()> known[] = {
        {"if-match", shapes::if_match},
        {"idempotency-key", shapes::idempotency_key},
        {"kommpass-purpose", shapes::purpose_header}};
    for (const auto& [name, type] : known) {
        if (request.occurs_twice(name)) return shape_fault{name, "repeated", "once"};
        const auto given = request.header(name);
        if (!given) continue;
        if (auto no = fault_of_text(type(), *given, name)) return no;
    }
    return std::nullopt;
}

}  // namespace

bool names_something(const found_endpoint& found) {
    return std::all_of(
        found.one->parameters.begin(), found.one->parameters.end(), [&](const parameter& of) {
            return of.in != "path" ||
                   !fault_of_text(of.type(), found.path.at(std::string(of.name)), {});
        });
}

shape body_shape(const endpoint& one) {
    shape made;
    made.what = shape::kind::object;
    for (const auto& of : one.parameters) {
        if (of.in != "body") continue;
        // The shape lives as long as the program: nothing to own.
        const std::shared_ptr<const shape> type(std::shared_ptr<const shape>(), &of.type());
        made.members.push_back({of.name, type, of.required});
    }
    return made;
}

std::optional<shape_fault> fault_of_request(const endpoint& one, const http::request& request,
                                            const http::form& query,
                                            const boost::json::object& body) {
    if (auto no = fault_of_headers(request)) return no;
    if (auto no = fault_of_query(one, query)) return no;
    if (one.method == http::method::get || one.method == http::method::delete_) return std::nullopt;
    return fault_of(body_shape(one), body, {});
}

}  // namespace kommpass::idp::api
