#pragma once

#include "config/vocabulary/randomness.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::oauth {

// A refresh token's text: "<family>.<secret>". The family finds the row, the secret's hash must be
// in it.
struct refresh_token {
    std::string text;
    std::string family;
    std::string hash;  // SHA-256 of the whole text

    [[nodiscard]] static refresh_token make(std::string_view family, randomness&);
    // Nothing for text that `make` cannot have made.
    [[nodiscard]] static std::optional<refresh_token> parse(std::string_view text);
};

}  // namespace kommpass::idp::oauth
