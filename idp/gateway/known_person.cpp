#include "idp/gateway/known_person.hpp"

namespace kommpass::idp::gateway {

known_person_ptr known_persons::find(std::string_view cookie, std::string_view host,
                                     std::string_view address,
                                     const policies::snapshot_ptr& registry, instant now) const {
    const auto found = by_cookie_.find(cookie);
    if (found == by_cookie_.end()) return nullptr;
    const auto& one = *found->second;
    // A clock that was turned back makes nothing good for longer.
    const bool is_fresh =
        one.looked_up_at <= now && now < one.looked_up_at + trusted_for && now < one.expires_at;
    const bool is_the_same = one.host == host && one.address == address && one.registry == registry;
    return is_fresh && is_the_same ? found->second : nullptr;
}

void known_persons::remember(std::string_view cookie, known_person_ptr person, instant now) {
    if (by_cookie_.size() >= most)
        std::erase_if(by_cookie_, [&](const auto& one) {
            return one.second->looked_up_at + trusted_for <= now;
        });
    if (by_cookie_.size() >= most) by_cookie_.clear();
    by_cookie_.insert_or_assign(std::string(cookie), std::move(person));
}

void known_persons::forget(std::string_view cookie) {
    const auto found = by_cookie_.find(cookie);
    if (found != by_cookie_.end()) by_cookie_.erase(found);
}

}  // namespace kommpass::idp::gateway
