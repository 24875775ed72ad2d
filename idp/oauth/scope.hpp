#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::oauth {

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
