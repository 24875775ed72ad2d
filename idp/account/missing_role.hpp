#pragma once

#include "idp/provider.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::account {

// Tells somebody who may not use an application for want of a role which roles there are, who gives
// them at their member, and prepares a letter to those.
void tell_of_missing_role(web::error_page&, const provider&, const policies::snapshot&,
                          const policies::application&, const sessions::signed_in&, web::language);

}  // namespace kommpass::idp::account
