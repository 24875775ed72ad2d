#pragma once

#include "config/vocabulary/clock.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::mail {

// A letter in plain text (UTF-8), to one address.
struct letter {
    std::string to;
    std::string subject;
    std::string text;
};

// One address as servers take it: "anna.noack@amt-lebus.example"; no name, no list, nothing that
// could become a line of its own. At most 254 bytes (RFC 5321, 4.5.3.1.3).
[[nodiscard]] bool is_address(std::string_view) noexcept;

// The letter as it travels (RFC 5322, RFC 2047 for the subject, RFC 3834 so that no machine
// answers). `id`: unique, without spaces.
[[nodiscard]] std::string encoded(const letter&, std::string_view from, std::string_view id,
                                  instant now);

}  // namespace kommpass::idp::mail
