#pragma once

#include <optional>
#include <string_view>

namespace kommpass::directory {

// The number behind "data " in Active Directory's diagnostic message, which is hexadecimal:
// "... AcceptSecurityContext error, data 773, v1db1" is 0x773. Nothing if there is none.
[[nodiscard]] std::optional<unsigned> active_directory_code(std::string_view diagnostic);

}  // namespace kommpass::directory
