#pragma once

#include <string>
#include <string_view>

namespace kommpass::directory {

// A login name as typed: "anna.noack@amt-lebus.example" and "LEBUS\anna.noack" have a domain that
// tells the member, "anna.noack" has none.
struct typed_name {
    std::string local;
    std::string domain;  // as `comparable_domain` makes it; empty: none was typed
    bool has_backslash = false;
};

// Splits at the first '\', else at the last '@', once the name is prepared (RFC 4518) but for its
// case: blanks around it, zero-width and full-width characters do not count.
[[nodiscard]] typed_name split_user_name(std::string_view typed);

}  // namespace kommpass::directory
