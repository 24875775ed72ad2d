#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::oauth {

// Exact string comparison (RFC 9700, 2.1). The one exception is RFC 8252, 7.3: a registered http
// URI on a loopback address without a port ("http://127.0.0.1/callback") matches any port.
[[nodiscard]] bool is_registered_redirect(const std::vector<std::string>& registered,
                                          std::string_view presented) noexcept;

// What CSP's form-action needs so that a form's answer may redirect there: the origin of an http(s)
// URI, or the scheme of another one.
[[nodiscard]] std::string form_action_source(std::string_view redirect_uri);

}  // namespace kommpass::idp::oauth
