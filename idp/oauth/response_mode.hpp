#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace kommpass::idp::oauth {

// How an authorization answer reaches the client (OAuth 2.0 Multiple Response Type Encoding
// Practices, 2.1; OAuth 2.0 Form Post Response Mode).
enum class response_mode { query, form_post };

inline constexpr std::array<std::pair<std::string_view, response_mode>, 2> response_modes{
    {{"query", response_mode::query}, {"form_post", response_mode::form_post}}};

[[nodiscard]] constexpr std::optional<response_mode> response_mode_named(
    std::string_view wanted) noexcept {
    for (const auto& [name, one] : response_modes) {
        if (name == wanted) return one;
    }
    return std::nullopt;
}

}  // namespace kommpass::idp::oauth
