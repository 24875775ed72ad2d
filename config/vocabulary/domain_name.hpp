#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// A domain name as it is compared: A-labels in lower case (IDNA 2008 with the mapping of UTS 46,
// non-transitional), so that "bücher.example", "BÜCHER.example" and "xn--bcher-kva.example" are
// one. Without the dot at the end that a full name may have. What is no domain name, "KOMMUNE" of
// Active Directory among it, is prepared as any name is (RFC 4518). Idempotent.
[[nodiscard]] std::string comparable_domain(std::string_view utf8);

}  // namespace kommpass
