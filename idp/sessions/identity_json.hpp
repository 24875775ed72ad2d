#pragma once

#include "config/vocabulary/identity.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::sessions {

// How an identity is kept with a session and a token family, so that both still work while the
// directory does not answer. Short member names, since it is written at every sign-in.
[[nodiscard]] std::string to_json(const identity&);
// Nothing for text that `to_json` did not make.
[[nodiscard]] std::optional<identity> identity_from_json(std::string_view);

}  // namespace kommpass::idp::sessions
