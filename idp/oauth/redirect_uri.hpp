#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::oauth {

// Exact string comparison (RFC 9700, 2.1). The one exception is RFC 8252, 7.3: a registered http
// URI on a loopback address without a port ("http://127.0.0.1/callback") matches any port.
[[nodiscard]] bool is_registered_redirect(const std::vector<std::string>& registered,
                                          std::string_view presented) noexcept;

// http or https: a page of some web server, and no other program's address.
[[nodiscard]] bool is_web_address(std::string_view uri) noexcept;

// Where an address leads whoever is sent there: scheme, host and port of a web address, else the
// scheme of the program.
[[nodiscard]] std::string place_of(std::string_view uri);

// What CSP's form-action needs so that the form's own navigation may end there: the scheme of an
// address that is no web address. A web address needs none: a page of ours goes on to it.
[[nodiscard]] std::string form_action_source(std::string_view redirect_uri);

// What form-action needs where the navigation may end anywhere in the web.
inline constexpr std::string_view any_web_address = "https: http:";

}  // namespace kommpass::idp::oauth
