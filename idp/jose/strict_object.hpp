#pragma once

#include "config/vocabulary/result.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace kommpass::idp::jose {

enum class jwt_error;  // `foreign_jwt.hpp`

// JSON as RFC 8259 has it, refusing doubled member names, more than 16 levels and anything after
// the value. Whole numbers are int64, however they are written (3e2, 300.0).
[[nodiscard]] result<boost::json::object, jwt_error> parse_strict_object(std::string_view json);

}  // namespace kommpass::idp::jose
