#pragma once

#include "idp/admin/person_view.hpp"
#include "idp/console/admin_words.hpp"
#include "idp/console/console_request.hpp"

namespace kommpass::idp::console {

// A person's page: roles with the way to them, what may be done, history. Shows the request's
// problem and what was typed.
page show_person_view(console_request&, const person_view&);

}  // namespace kommpass::idp::console
