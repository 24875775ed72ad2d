#pragma once

#include <string>
#include "idp/api/admin_words.hpp"

namespace kommpass::idp::api {

// The OpenAPI 3.1 document, made from the table of endpoints.
[[nodiscard]] std::string openapi_document(const std::string& issuer);

}  // namespace kommpass::idp::api
