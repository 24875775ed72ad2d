#pragma once

#include <array>
#include <string_view>

// The ways in which an authorization answer can reach a client (OAuth 2.0 Multiple Response Type
// Encoding Practices, 2.1; Form Post Response Mode; JARM, 2.3), named once.
namespace kommpass::policies::response_modes {

struct mode {
    std::string_view name;
    bool by_default;  // for a client that has registered none
};

inline constexpr std::array<mode, 7> all{{{"query", true},
                                          {"fragment", false},
                                          {"form_post", true},
                                          {"jwt", true},
                                          {"query.jwt", true},
                                          {"fragment.jwt", false},
                                          {"form_post.jwt", true}}};

[[nodiscard]] constexpr bool is_signed(std::string_view name) noexcept {
    return name == "jwt" || name.ends_with(".jwt");
}

}  // namespace kommpass::policies::response_modes
