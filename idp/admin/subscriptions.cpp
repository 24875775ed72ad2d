#include "idp/admin/subscriptions.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"

#include <algorithm>

namespace kommpass::idp::admin {

using boost::asio::awaitable;

awaitable<answer<long long>> book(operation_context& at, const actor& who,
                                  policies::subscription one, std::string why,
                                  std::optional<long long> expected) {
    registry_change change;
    change.touches = touched(policies::document_kind::subscription,
                             one.member.str() + "/" + one.application.str());
    change.edit = [one](policies::registry& all) -> std::optional<refusal> {
        if (!all.members.contains(one.member)) return no_such_thing();
        auto& booked = all.subscriptions;
        if (std::find(booked.begin(), booked.end(), one) == booked.end()) booked.push_back(one);
        policies::sort_bookings(booked);
        return std::nullopt;
    };
    return revision_of(at, who, std::move(change), std::move(why), expected);
}

awaitable<answer<long long>> end_booking(operation_context& at, const actor& who,
                                         policies::subscription one, std::string why,
                                         std::optional<long long> expected) {
    registry_change change;
    change.edit = [one](policies::registry& all) -> std::optional<refusal> {
        if (std::erase(all.subscriptions, one) == 0) return no_such_thing();
        return std::nullopt;
    };
    return revision_of(at, who, std::move(change), std::move(why), expected);
}

answer<booking_to_end> find_booking_to_end(const operation_context& at, const actor& who,
                                           const policies::subscription& one) {
    if (!who.may_everywhere(operation::change_subscription)) return no_such_thing();
    booking_to_end made;
    made.registry = at.registry.get();
    made.member = made.registry->find_member(one.member);
    made.application = made.registry->find_application(one.application);
    if (made.member == nullptr || made.application == nullptr) return no_such_thing();
    return made;
}

}  // namespace kommpass::idp::admin
