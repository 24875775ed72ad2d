#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "idp/api/admin_words.hpp"

namespace kommpass::idp::api {

struct call;

// "digest" of the body: which version of the document the caller decides on.
[[nodiscard]] answer<shown_digest> shown_in(const call&);

}  // namespace kommpass::idp::api
