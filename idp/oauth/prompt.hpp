#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace kommpass::idp::oauth {

// The `prompt` parameter (OpenID Connect Core, 3.1.2.1).
struct prompt {
    bool none = false;
    bool login = false;
    bool consent = false;
    bool select_account = false;
};

inline constexpr std::array<std::pair<std::string_view, bool prompt::*>, 4> prompt_values{
    {{"none", &prompt::none},
     {"login", &prompt::login},
     {"consent", &prompt::consent},
     {"select_account", &prompt::select_account}}};

// Adds a value; false for one that does not exist.
[[nodiscard]] constexpr bool add_prompt(prompt& to, std::string_view value) noexcept {
    for (const auto& [name, member] : prompt_values) {
        if (name != value) continue;
        to.*member = true;
        return true;
    }
    return false;
}

}  // namespace kommpass::idp::oauth
