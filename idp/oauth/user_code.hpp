#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass {
class randomness;
}

// The code that a person types in for a device (RFC 8628, 6.1): eight of twenty consonants, so that
// no two look alike, none makes a word, and a guess hits one in 2^34.
namespace kommpass::idp::oauth::user_code {

// "BCDFGHJK", each letter as likely as any other.
[[nodiscard]] std::string make(randomness&);

// As people read it: "BCDF-GHJK".
[[nodiscard]] std::string shown(std::string_view code);

// What somebody typed, in the form of `make`: case, spaces and dashes do not matter. Nothing for
// what no code can be; bounded by itself.
[[nodiscard]] std::optional<std::string> read(std::string_view typed);

}  // namespace kommpass::idp::oauth::user_code
