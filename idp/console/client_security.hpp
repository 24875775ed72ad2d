#pragma once

#include "idp/console/pages.hpp"
#include "policies/registry.hpp"

// What a client's registration says of its keys: its profile, how its tokens are bound, where its
// keys are, and whom its certificate names.
namespace kommpass::idp::console {

void put_security(web::page_data&, const policies::client&);
// The form's fields over what is registered.
void take_security(const console_request&, policies::client&);

}  // namespace kommpass::idp::console
