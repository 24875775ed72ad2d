#pragma once

#include <string_view>

namespace kommpass::policies {

// "10.12.0.0/16" or "2001:db8::/32" in canonical form: no bits beyond the prefix.
[[nodiscard]] bool is_network(std::string_view) noexcept;
// False where either is not of its form, or they are of different families. An IPv4 address that is
// written as IPv6 (::ffff:10.12.1.2) counts as IPv4.
[[nodiscard]] bool is_in_network(std::string_view address, std::string_view network) noexcept;

}  // namespace kommpass::policies
