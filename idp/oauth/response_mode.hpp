#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kommpass::idp::oauth {

// How an authorization answer reaches the client: where its parameters stand, and whether they
// stand there as they are or signed, in the one parameter `response` (JARM, 2.3).
struct response_mode {
    enum class place : std::uint8_t { query, fragment, form };

    place where = place::query;
    bool is_signed = false;
    friend bool operator==(const response_mode&, const response_mode&) = default;
};

struct named_response_mode {
    std::string_view name;
    response_mode mode;
};

// `jwt` is what the response type has by default, signed: the query, for a code.
inline constexpr std::array<named_response_mode, 7> response_modes{
    {{"query", {response_mode::place::query, false}},
     {"fragment", {response_mode::place::fragment, false}},
     {"form_post", {response_mode::place::form, false}},
     {"jwt", {response_mode::place::query, true}},
     {"query.jwt", {response_mode::place::query, true}},
     {"fragment.jwt", {response_mode::place::fragment, true}},
     {"form_post.jwt", {response_mode::place::form, true}}}};

[[nodiscard]] constexpr std::optional<response_mode> response_mode_named(
    std::string_view wanted) noexcept {
    for (const auto& one : response_modes) {
        if (one.name == wanted) return one.mode;
    }
    return std::nullopt;
}

}  // namespace kommpass::idp::oauth
