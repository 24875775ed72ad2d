#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/jose/key_ring.hpp"

#include <optional>
#include <string>
#include <string_view>

// The emergency access: a link that the operator makes on the service's machine, good once and for
// some minutes, for a console session with every right. No directory is asked (R50).
namespace kommpass::idp::admin {

inline constexpr auto emergency_link_lifetime = std::chrono::minutes(10);
inline constexpr auto emergency_session_lifetime = std::chrono::minutes(30);

struct emergency_code {
    std::string id;         // to be used once
    std::string issued_by;  // login name on the service's machine
    instant expires_at{};
};
[[nodiscard]] std::string seal_emergency_code(const jose::key_ring&, const emergency_code&);
// Nothing for what was not made here, or is over.
[[nodiscard]] std::optional<emergency_code> open_emergency_code(std::string_view sealed,
                                                                const jose::key_ring&, instant now);

}  // namespace kommpass::idp::admin
