#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::oauth {

// The scopes that have a meaning of their own here (OpenID Connect Core, 3.1.2.1, 5.4 and 11).
// Any other is between a client and its resource servers.
namespace scopes {
inline constexpr std::string_view openid = "openid";
inline constexpr std::string_view profile = "profile";
inline constexpr std::string_view email = "email";
inline constexpr std::string_view phone = "phone";
inline constexpr std::string_view address = "address";
inline constexpr std::string_view offline_access = "offline_access";

inline constexpr std::array all{openid, profile, email, phone, address, offline_access};
}  // namespace scopes

using scope_list = std::vector<std::string>;  // in the order asked, no doubles

// Splits a scope parameter (RFC 6749, 3.3). Nothing if it has characters that a scope cannot have.
[[nodiscard]] std::optional<scope_list> parse_scope(std::string_view text);
[[nodiscard]] std::string to_text(const scope_list&);
[[nodiscard]] bool contains(const scope_list&, std::string_view scope) noexcept;
// Those of `asked` that are `allowed`: what is not is dropped, and the token answer tells what was
// granted.
[[nodiscard]] scope_list only_allowed(const scope_list& asked, const scope_list& allowed);
[[nodiscard]] bool is_subset(const scope_list& narrower, const scope_list& wider) noexcept;

}  // namespace kommpass::idp::oauth
