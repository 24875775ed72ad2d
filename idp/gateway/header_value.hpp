#pragma once

#include <string>
#include <string_view>

namespace kommpass::policies {
enum class header_format;
}

namespace kommpass::idp::gateway {

// A person's text as the value of a header: never a control character, and plain ASCII but for the
// format `utf8`. `percent` encodes what is not visible ASCII, and '%' itself, so that it can be
// undone; `rfc2047` writes encoded words where the text is not ASCII. Pure.
[[nodiscard]] std::string header_value(std::string_view utf8, policies::header_format);

}  // namespace kommpass::idp::gateway
