#pragma once

#include "idp/console/console_request.hpp"
#include "policies/registry.hpp"

#include <optional>

// What a client's registration says of its requests, of sign-ins, of its tokens and of what people
// are led to: what few clients need, in groups that are closed where a client says nothing of it.
namespace kommpass::idp::console {

void put_details(const console_request&, web::page_data&, const policies::client&);
// The form's fields over what is registered; nothing where the form has none of them. The error
// names the first that cannot be read, which stays as it was.
[[nodiscard]] std::optional<refusal> take_details(const console_request&, policies::client&);

}  // namespace kommpass::idp::console
