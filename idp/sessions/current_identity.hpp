#pragma once

#include "config/vocabulary/identity.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::sessions {

struct current_identity {
    // Nothing: the directory answered, and this person is gone or disabled. Their sessions and
    // tokens must end.
    std::optional<identity> who;
    // The directory did not answer: `who` is what it said last.
    bool from_memory = false;
    // Nor did it for longer than the member trusts: `who` is nothing, and nothing ends either.
    bool too_long_unknown = false;
};

// What the member's directory says of a person who signed in earlier. `remembered_json` is what it
// said last time; it stands in while the directory does not answer, since an outage ends nobody's
// session.
[[nodiscard]] boost::asio::awaitable<current_identity> look_up_current(
    provider&, const member_slug&, const directory_id&, std::string_view remembered_json);

}  // namespace kommpass::idp::sessions
