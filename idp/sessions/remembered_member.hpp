#pragma once

#include "config/vocabulary/strong_string.hpp"

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
struct response;
}

// The member at which somebody signed in with this browser last. A page may ask for its password
// without a choice, so only a sign-in that succeeded sets it, and it is proven to be ours: what a
// link or a neighbouring host plants, and what somebody merely looked at, is worth nothing.
namespace kommpass::idp::sessions {

struct browser;

// Half a year from now on.
void remember_member(http::response&, const member_slug&, const jose::key_ring&);
// Empty: nothing that we have set.
[[nodiscard]] member_slug remembered_member(const browser&, const jose::key_ring&);

}  // namespace kommpass::idp::sessions
