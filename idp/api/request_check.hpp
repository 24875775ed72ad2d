#pragma once

#include "idp/api/addresses.hpp"
#include "idp/api/shape.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace kommpass::idp::http {
class form;
struct request;
}  // namespace kommpass::idp::http

// Whether a request is one that the OpenAPI document describes: both come from the shapes of the
// table's parameters.
namespace kommpass::idp::api {

// What stands in the address has a shape as well; what has it not is nowhere.
[[nodiscard]] bool names_something(const found_endpoint&);
// The first fault of headers, query or body.
[[nodiscard]] std::optional<shape_fault> fault_of_request(const endpoint&, const http::request&,
                                                          const http::form& query,
                                                          const boost::json::object& body);
// The body of an operation; no members: it has none.
[[nodiscard]] shape body_shape(const endpoint&);

}  // namespace kommpass::idp::api
