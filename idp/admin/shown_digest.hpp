#pragma once

#include "config/vocabulary/strong_string.hpp"

namespace kommpass::idp::admin {

// A digest as whoever decides gives it back, as yet unproven; empty: none was given. What it is a
// digest of, and what is judged by it, stands in shown_document.hpp.
using shown_digest = strong_string<struct shown_digest_tag>;

}  // namespace kommpass::idp::admin
