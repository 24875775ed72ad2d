#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// A value for a filter (RFC 4515, 3): NUL, '(', ')', '*' and '\' escaped; UTF-8 stays as it is.
[[nodiscard]] std::string escaped_filter_value(std::string_view value);

// "(uid=anna.noack)"
[[nodiscard]] std::string equality(std::string_view attribute, std::string_view value);

// "(&<base>(|(uid=...)(mail=...)))": the persons who have one of these names in one of these
// attributes. There is at least one name.
[[nodiscard]] std::string name_filter(std::string_view base_filter,
                                      const std::vector<std::string>& attributes,
                                      const std::vector<std::string>& names);

// A typed name that may reach a server: valid UTF-8, 1 to 256 bytes, no control characters.
[[nodiscard]] bool is_sendable_name(std::string_view user_name) noexcept;

}  // namespace kommpass::directory
