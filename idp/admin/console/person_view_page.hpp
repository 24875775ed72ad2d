#pragma once

#include "idp/admin/console/visit.hpp"
#include "idp/admin/persons.hpp"

namespace kommpass::idp::admin::console {

// A person's page: roles with the way to them, what may be done, history. Shows the visit's problem
// and what was typed.
page show_person_view(visit&, const person_view&);

}  // namespace kommpass::idp::admin::console
