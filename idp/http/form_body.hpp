#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/http/form.hpp"

#include <string_view>

namespace kommpass::idp::http {

struct request;

// What is wrong with a form, in words for an `error_description`: ASCII, without '"' and '\'.
using form_fault = std::string_view;

// The form body of a POST: right content type, strictly decoded, no parameter twice (RFC 6749, 3.1
// and 3.2).
[[nodiscard]] result<form, form_fault> read_form_body(const request&);

// The same for an endpoint that serves GET and POST alike, without the rule on repeated parameters:
// who decides where the error goes has to see them first.
[[nodiscard]] result<form, form_fault> read_query_or_body(const request&);

}  // namespace kommpass::idp::http
