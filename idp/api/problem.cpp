#include "idp/api/problem.hpp"

#include "idp/http/response.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::api {
namespace {

constexpr std::string_view title_of(refusal::reason why) {
    switch (why) {
        case refusal::reason::not_found:
            return "There is no such thing, or it is not yours to see";
        case refusal::reason::forbidden:
            return "This is not yours to do";
        case refusal::reason::stale:
            return "Somebody else changed it meanwhile";
        case refusal::reason::invalid:
            return "Something in the request is wrong; nothing was done";
        case refusal::reason::conflict:
            return "It would give somebody roles that exclude each other";
        case refusal::reason::unavailable:
            return "It cannot be done at the moment";
    }
    return "It was not done";
}

http::response answer_with(unsigned status, const boost::json::object& body) {
    auto made = http::json(status, boost::json::serialize(body));
    made.content_type = "application/problem+json";
    return made;
}

boost::json::object base(unsigned status, std::string_view code, std::string_view title,
                         std::string_view request_id) {
    boost::json::object body;
    body["type"] = "urn:kommpass:problem:" + std::string(code);
    body["title"] = title;
    body["status"] = status;
    body["code"] = code;
    body["request"] = request_id;
    return body;
}

}  // namespace

http::response to_problem(const refusal& no, std::string_view request_id) {
    const auto status = status_of(no);
    auto body = base(status, no.code, title_of(no.why), request_id);
    if (!no.field.empty()) body["field"] = no.field;
    if (!no.details.empty()) {
        boost::json::array details;
        for (const auto& one : no.details) details.emplace_back(one);
        body["details"] = std::move(details);
    }
    if (!no.now.empty()) body["now"] = no.now;
    return answer_with(status, body);
}

http::response to_problem(const shape_fault& no, std::string_view request_id) {
    auto body =
        base(400, no.code, "The request is not as the document says; nothing was done", request_id);
    body["field"] = no.field;
    body["details"] = boost::json::array{"expected: " + no.expected};
    return answer_with(400, body);
}

http::response problem(unsigned status, std::string_view code, std::string_view title,
                       std::string_view request_id) {
    return answer_with(status, base(status, code, title, request_id));
}

}  // namespace kommpass::idp::api
