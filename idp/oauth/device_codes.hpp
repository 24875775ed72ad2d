#pragma once

#include "config/vocabulary/clock.hpp"

#include <chrono>
#include <string>
#include <string_view>

// What the three sides of the device grant (RFC 8628) agree on: the endpoint that a device begins
// at, the page where a person answers, the grant that it polls.
namespace kommpass::idp::oauth::device {

inline constexpr std::chrono::minutes lifetime{10};  // of both codes
inline constexpr long long first_interval = 5;       // seconds between two polls (3.5)
inline constexpr long long slower_by = 5;            // after each that came too early
// Beyond it nobody polls any more, and the number stays small.
inline constexpr long long longest_interval = 600;

// What the person's yes is kept as until the device fetches its tokens: an authorization code that
// nobody was ever given.
[[nodiscard]] std::string code_hash_for(std::string_view device_code_hash);

}  // namespace kommpass::idp::oauth::device
