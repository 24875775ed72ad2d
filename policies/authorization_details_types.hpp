#pragma once

#include <array>
#include <string_view>

// The types of authorization details that a client can be registered for (RFC 9396, 2), named once.
namespace kommpass::policies::authorization_details_types {

// One role of the application's own, held for one member.
inline constexpr std::string_view role = "urn:kommpass:role";

inline constexpr std::array all{role};

}  // namespace kommpass::policies::authorization_details_types
