#pragma once

#include "config/vocabulary/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

// Codes in links that open a console session once, without a directory: the emergency access (R50),
// which the operator makes on the service's machine, and the invitation of a member whose directory
// is still to be set up.
namespace kommpass::idp::admin {

struct code_kind {
    std::string_view name;         // "break-glass": keeps kinds apart, also in the log
    std::chrono::seconds link;     // how long the link is good
    std::chrono::seconds session;  // how long the session that it opens lasts
};
inline constexpr code_kind emergency{"break-glass", std::chrono::minutes(10),
                                     std::chrono::minutes(30)};
inline constexpr code_kind invitation{"invitation", std::chrono::days(14), std::chrono::hours(8)};

struct one_time_code {
    std::string id;     // to be used once
    std::string about;  // who issued it; of an invitation: the member
    instant expires_at{};
};
[[nodiscard]] std::string seal_code(const jose::key_ring&, const code_kind&, const one_time_code&);
// Nothing for what was not made here, or for another kind, or is over.
[[nodiscard]] std::optional<one_time_code> open_code(const jose::key_ring&, const code_kind&,
                                                     std::string_view sealed, instant now);

}  // namespace kommpass::idp::admin
