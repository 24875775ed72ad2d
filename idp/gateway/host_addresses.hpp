#pragma once

#include <string>
#include <string_view>

// The addresses that an application's proxy hands through to Kommpass without asking.
namespace kommpass::idp::gateway {

inline constexpr std::string_view start_path = "/.kommpass/start";
inline constexpr std::string_view callback_path = "/.kommpass/callback";
inline constexpr std::string_view sign_out_path = "/.kommpass/sign-out";
// At our own address.
inline constexpr std::string_view sign_in_path = "/gateway/sign-in";

inline constexpr std::string_view cookies_missing_address = "/gateway/sign-in?trouble=cookies";

// Where a sign-in for this address of the host begins.
[[nodiscard]] std::string start_address(std::string_view host, std::string_view uri);
// "https://host/...": a path and query that was read as one (`safe_return`).
[[nodiscard]] std::string address_at(std::string_view host, std::string_view uri);

}  // namespace kommpass::idp::gateway
