#pragma once

#include "config/vocabulary/secret_string.hpp"

namespace kommpass::directory {

// A password as Active Directory's unicodePwd wants it ([MS-ADTS] 3.1.1.3.1.5): in double quotes,
// UTF-16LE. What is no valid UTF-8 gives an empty value, which the server refuses.
[[nodiscard]] secret_string unicode_pwd_value(const secret_string& password);

}  // namespace kommpass::directory
