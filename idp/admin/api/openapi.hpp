#pragma once

#include <string>

namespace kommpass::idp::admin::api {

// The OpenAPI 3.1 document, made from the table of endpoints.
[[nodiscard]] std::string openapi_document(const std::string& issuer);

}  // namespace kommpass::idp::admin::api
