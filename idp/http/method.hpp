#pragma once

#include <string_view>

namespace kommpass::idp::http {

enum class method { get, head, post, put, patch, delete_, options };

[[nodiscard]] std::string_view to_string(method) noexcept;  // "GET"

}  // namespace kommpass::idp::http
