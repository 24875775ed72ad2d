#pragma once

#include "idp/console/console_request.hpp"
#include "idp/sessions/carried_fields.hpp"

#include <optional>

// A form that was refused, or sent when its session was over, leads to its page again: with what
// was typed, and why nothing was done. Passwords are not typed again by us. What no such page can
// show leads to one that only says why.
namespace kommpass::idp::console {

[[nodiscard]] sessions::carried_fields typed_in(const http::form&);
// The same with the reason.
[[nodiscard]] sessions::carried_fields with_reason(sessions::carried_fields, const refusal&);

// The redirect to the page; nothing: it is too much for an address.
[[nodiscard]] std::optional<http::response> to_page_again(const console_request&);

// The same for a form that only asks something, with nothing wrong about it.
[[nodiscard]] std::optional<http::response> to_page_of_answer(const console_request&);

// The redirect to a page that says why, at the form's own address.
[[nodiscard]] http::response to_refusal(const console_request&, refusal);

// Puts what the address carries into `posted`, and why into `problem` or `refused`.
void take_carried(console_request&);

// For who was signed out when the form was sent.
[[nodiscard]] refusal signed_in_again();

}  // namespace kommpass::idp::console
