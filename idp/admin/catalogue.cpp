#include "idp/admin/catalogue.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

registry_change change_of(const application_key& key, std::string why) {
    registry_change change;
    change.why = std::move(why);
    change.touches = touched(policies::document_kind::application, key.str());
    return change;
}

bool is_given(const policies::registry& all, const member_slug& member, const role_name& role) {
    for (const auto& [id, one] : all.mappings) {
        const bool concerns = !one.member || *one.member == member;
        if (concerns && std::find(one.roles.begin(), one.roles.end(), role) != one.roles.end())
            return true;
    }
    return std::any_of(all.grants.begin(), all.grants.end(), [&](const auto& entry) {
        return entry.second.member == member && entry.second.role == role;
    });
}

}  // namespace

awaitable<answer<long long>> put_role(operation_context& at, const actor& who, application_key key,
                                      policies::role wanted, std::string why,
                                      std::optional<long long> expected) {
    auto change = change_of(key, std::move(why));
    change.expected = expected;
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto owner = all.applications.find(key);
        if (owner == all.applications.end()) return no_such_thing();
        auto made = wanted;
        for (auto& one : owner->second.roles) {
            if (one.name != wanted.name) continue;
            made.since = one.since;
            one = std::move(made);
            return std::nullopt;
        }
        made.since = at.today();
        owner->second.roles.push_back(std::move(made));
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> remove_role(operation_context& at, const actor& who,
                                         application_key key, role_name role, std::string why) {
    auto change = change_of(key, std::move(why));
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto owner = all.applications.find(key);
        const auto gone = owner == all.applications.end()
                              ? 0
                              : std::erase_if(owner->second.roles, [&](const policies::role& one) {
                                    return one.name == role;
                                });
        if (gone == 0) return no_such_thing();
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

answer<role_to_change> find_role_to_change(const operation_context& at, const actor& who,
                                           const application_key& key, const role_name& name) {
    if (!who.may_everywhere(operation::change_application)) return no_such_thing();
    role_to_change made{at.registry.get(), nullptr, nullptr};
    made.owner = made.registry->find_application(key);
    if (made.owner == nullptr) return no_such_thing();
    if (name.empty()) return made;
    const auto& all = made.owner->roles;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (found == all.end()) return no_such_thing();
    made.in_force = &*found;
    return made;
}

std::vector<catalogue_entry> roles_to_hand_out(const policies::registry& all, const actor& who,
                                               std::span<const role_name> also) {
    const bool central = who.may_everywhere(operation::hand_out_association_role);
    std::vector<catalogue_entry> entries;
    for (const auto& [key, owner] : all.applications) {
        for (const auto& one : owner.roles) {
            const bool may = central || one.handed_out_by != policies::role_giver::association;
            if (may || std::find(also.begin(), also.end(), one.name) != also.end())
                entries.push_back({&owner, &one});
        }
    }
    return entries;
}

std::vector<role_offer> offers_for(const policies::registry& all, const actor& who, day today) {
    std::vector<role_offer> offers;
    for (const auto& booked : all.subscriptions) {
        if (!who.may(operation::change_mapping, booked.member)) continue;
        const auto found = all.applications.find(booked.application);
        if (found == all.applications.end()) continue;
        for (const auto& role : found->second.roles) {
            const bool fresh =
                role.since && *role.since + std::chrono::days(offers_last_days) >= today;
            if (!fresh || role.handed_out_by != policies::role_giver::member) continue;
            if (!is_given(all, booked.member, role.name))
                offers.push_back({booked.member, booked.application, role.name});
        }
    }
    return offers;
}

}  // namespace kommpass::idp::admin
