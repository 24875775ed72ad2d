#pragma once

#include "config/vocabulary/identity.hpp"
#include "config/vocabulary/live.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>

namespace kommpass::directory {
class member_directories;
}

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

// What the members' directories say of people who signed in earlier. One I/O thread only, that of
// the directories; what it refers to outlives it.
class current_identities {
public:
    current_identities(const live<policies::snapshot>& registry,
                       directory::member_directories& directories)
        : registry_(registry), directories_(directories) {}

    // `remembered_json` is what the directory said last time; it stands in while the directory does
    // not answer, since an outage ends nobody's session.
    [[nodiscard]] boost::asio::awaitable<current_identity> look_up(
        const member_slug&, const directory_id&, std::string_view remembered_json);

private:
    const live<policies::snapshot>& registry_;
    directory::member_directories& directories_;
};

}  // namespace kommpass::idp::sessions
