#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// How strongly somebody signed in: one table of factors and of the levels that they reach together
// (OpenID Connect Core, 2: `acr`, `amr`; RFC 8176). A new factor is a row here.
namespace kommpass::idp::sessions {

struct factor {
    std::string_view amr;  // RFC 8176
};
inline constexpr factor password_factor{"pwd"};

struct level {
    std::string_view acr;
    std::span<const std::string_view> amr;  // what must have been used, at least
};
// Weakest first.
[[nodiscard]] std::span<const level> levels() noexcept;

// The strongest level that these factors reach; empty if they reach none.
[[nodiscard]] std::string_view acr_of(const std::vector<std::string>& amr) noexcept;
// Whether `acr` is a level that is at least `wanted`; false if either is none of ours.
[[nodiscard]] bool reaches(std::string_view acr, std::string_view wanted) noexcept;
// Whether `acr` is a level that a sign-in here can reach.
[[nodiscard]] bool is_reachable(std::string_view acr) noexcept;

}  // namespace kommpass::idp::sessions
