#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/api/admin_words.hpp"
#include "idp/api/shape.hpp"

#include <string_view>

namespace kommpass::idp::http {
struct response;
}

namespace kommpass::idp::api {

// A refusal as problem details (RFC 9457).
[[nodiscard]] http::response to_problem(const refusal&, std::string_view request_id);
// A request that the document does not describe: 400.
[[nodiscard]] http::response to_problem(const shape_fault&, std::string_view request_id);
[[nodiscard]] http::response problem(unsigned status, std::string_view code, std::string_view title,
                                     std::string_view request_id);

}  // namespace kommpass::idp::api
