#pragma once

#include <string>
#include <string_view>

namespace kommpass::directory {

// A login name as typed: "anna.noack@amt-lebus.example" and "LEBUS\anna.noack" have a domain that
// tells the member, "anna.noack" has none.
struct typed_name {
    std::string local;
    std::string domain;  // lower case; empty: none was typed
};

// Splits at the first '\', else at the last '@'. Surrounding spaces do not count.
[[nodiscard]] typed_name split_user_name(std::string_view typed);

}  // namespace kommpass::directory
