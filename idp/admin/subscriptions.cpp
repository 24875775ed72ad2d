#include "idp/admin/subscriptions.hpp"

#include "idp/admin/registry_change.hpp"

#include <algorithm>

namespace kommpass::idp::admin {

using boost::asio::awaitable;

awaitable<answer<long long>> book(operation_context& at, const actor& who,
                                  policies::subscription one, std::string why,
                                  std::optional<long long> expected) {
    registry_change change;
    change.why = std::move(why);
    change.expected = expected;
    change.touches = policies::document_change{policies::document_kind::subscription,
                                               one.member.str() + "/" + one.application.str(),
                                               true,
                                               true,
                                               {}};
    change.edit = [one](policies::registry& all) -> std::optional<refusal> {
        if (!all.members.contains(one.member)) return no_such_thing();
        auto& booked = all.subscriptions;
        if (std::find(booked.begin(), booked.end(), one) == booked.end()) booked.push_back(one);
        policies::sort_bookings(booked);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> end_booking(operation_context& at, const actor& who,
                                         policies::subscription one, std::string why,
                                         std::optional<long long> expected) {
    registry_change change;
    change.why = std::move(why);
    change.expected = expected;
    change.edit = [one](policies::registry& all) -> std::optional<refusal> {
        if (std::erase(all.subscriptions, one) == 0) return no_such_thing();
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

}  // namespace kommpass::idp::admin
