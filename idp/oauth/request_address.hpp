#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::oauth {

// A URI without query and fragment in the one form in which two that mean the same are equal
// (RFC 3986, 6.2.2 and 6.2.3): scheme and host in lower case, no default port, "/" for no path, the
// path decoded once, as `http::request::path` is. Nothing for anything but an absolute https or
// http URI with a host and without user information, or over 2 KiB. Dot segments stay as they are:
// no address of ours has any.
[[nodiscard]] std::optional<std::string> normalized_address(std::string_view uri);

}  // namespace kommpass::idp::oauth
