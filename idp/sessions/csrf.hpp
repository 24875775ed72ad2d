#pragma once

#include <string>

namespace kommpass::idp::store {
struct session;
}

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::sessions {

// Ties a form to the session it was shown in: the CSRF value of pages for people who are signed in.
// Compare it with `equal_in_constant_time`.
[[nodiscard]] std::string csrf_for(const jose::key_ring&, const store::session&);

}  // namespace kommpass::idp::sessions
