#pragma once

#include "policies/registry.hpp"

#include <string>

namespace kommpass::idp::account {

// Where a person who is known here begins at an application (OpenID Connect Core, 4): the first of
// its clients in force that says so, with our issuer, and the application's own address as where to
// end. No hint of who the person is: the application learns that by its own request. Empty: no
// client can be begun from outside. Pure.
[[nodiscard]] std::string start_of_sign_in(const policies::application&, const std::string& issuer);

}  // namespace kommpass::idp::account
