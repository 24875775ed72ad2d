#pragma once

#include "config/vocabulary/identity.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

// What a member's own attributes give for standard claims (OpenID Connect Core, 5.1): the directory
// writes what it likes, so each value is held to the form of its claim, and left out otherwise.
// Pure; null: nothing.
namespace kommpass::idp::oauth::mapped_claims {

// The first value of the attribute; "" where none is mapped or the person has none.
[[nodiscard]] std::string value_of(const identity&, std::string_view attribute);

[[nodiscard]] boost::json::value text(const identity&, std::string_view attribute);
// A page or picture of the web.
[[nodiscard]] boost::json::value web_address(const identity&, std::string_view attribute);
// YYYY-MM-DD, 0000-MM-DD or YYYY; taken from GeneralizedTime (RFC 4517, 3.3.13) too.
[[nodiscard]] boost::json::value birthdate(const identity&, std::string_view attribute);
// A language tag (BCP 47): "de-DE", also where the directory writes "de_DE".
[[nodiscard]] boost::json::value locale(const identity&, std::string_view attribute);
// Seconds since 1970, from GeneralizedTime or from such a number; none before 1990.
[[nodiscard]] boost::json::value updated_at(const identity&, std::string_view attribute);

}  // namespace kommpass::idp::oauth::mapped_claims
