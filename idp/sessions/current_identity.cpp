#include "idp/sessions/current_identity.hpp"

#include "directory/sign_in.hpp"
#include "idp/sessions/identity_json.hpp"

namespace kommpass::idp::sessions {

boost::asio::awaitable<current_identity> current_identities::look_up(
    const member_slug& member, const directory_id& id, std::string_view remembered_json) {
    using directory::look_up_error;
    // A member that left the registry took its people along.
    const auto registry = registry_.get();
    const auto* registered = registry->find_active_member(member);
    if (registered == nullptr) co_return current_identity{};

    auto found =
        co_await directories_.look_up(member, id, directory::member_directories::freshness::cached);
    if (found) co_return current_identity{std::move(*found), false, false};
    switch (found.error().error) {
        case look_up_error::no_such_person:
        case look_up_error::disabled:
            co_return current_identity{};
        case look_up_error::directory_unavailable:
        case look_up_error::directory_overloaded:
        case look_up_error::directory_misconfigured:
        case look_up_error::cut_off:
            break;
    }
    if (directories_.silent_for(member) > registered->directory.trust_while_unreachable)
        co_return current_identity{std::nullopt, true, true};
    co_return current_identity{identity_from_json(remembered_json), true, false};
}

}  // namespace kommpass::idp::sessions
