#pragma once

#include "idp/http/request.hpp"

namespace kommpass::idp::sessions {

// Whether a form was sent by a page of ours, as the browser says (Fetch Metadata). What was typed
// into any other is not shown again: somebody else may have typed it.
[[nodiscard]] inline bool is_own_form(const http::request& request) {
    return request.method == http::method::post &&
           request.header("sec-fetch-site") == "same-origin";
}

}  // namespace kommpass::idp::sessions
