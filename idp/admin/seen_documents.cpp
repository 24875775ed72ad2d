#include "idp/admin/seen_documents.hpp"

#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"

#include <optional>

namespace kommpass::idp::admin {
namespace {

using policies::snapshot_ptr;

bool sees_rules_of(const actor& who, const member_slug& owner) noexcept {
    return who.may(operation::see_roles, owner);
}

// Those of one map that the actor may see, of the member `of` if one is named.
template <class Documents>
auto visible(const actor& who, const Documents& all, const member_slug& of = {}) {
    std::vector<const typename Documents::mapped_type*> seen;
    for (const auto& [key, one] : all) {
        if constexpr (requires { one.member; }) {
            if (!of.empty() && std::optional<member_slug>(one.member) != of) continue;
        }
        if (may_see(who, one)) seen.push_back(&one);
    }
    return seen;
}

template <class Document>
answer<seen<Document>> one_of(const actor& who, snapshot_ptr registry, const Document* found) {
    if (found == nullptr || !may_see(who, *found)) return no_such_thing();
    return seen<Document>{std::move(registry), found};
}

seen_member with_state(const operation_context& at, const snapshot_ptr& registry,
                       const policies::member& one) {
    seen_member made{registry, &one, {}, {}};
    if (one.active) made.silent_for = at.directories.silent_for(one.slug);
    for (const auto& booking : registry->documents().subscriptions) {
        if (booking.member == one.slug) made.booked.push_back(booking.application);
    }
    return made;
}

}  // namespace

bool may_see(const actor& who, const policies::member& one) noexcept {
    return who.may(operation::see_member, one.slug);
}
bool may_see(const actor& who, const policies::application&) noexcept {
    return who.may_anywhere(operation::see_application);
}
bool may_see(const actor& who, const policies::constraint&) noexcept {
    return who.may_anywhere(operation::see_application);
}
bool may_see(const actor& who, const policies::mapping& one) noexcept {
    return one.member ? sees_rules_of(who, *one.member) : who.may_anywhere(operation::see_roles);
}
bool may_see(const actor& who, const policies::grant& one) noexcept {
    return sees_rules_of(who, one.member);
}
bool may_see(const actor& who, const policies::withdrawal& one) noexcept {
    return sees_rules_of(who, one.member);
}
bool may_see(const actor& who, const policies::constraint_exception& one) noexcept {
    return sees_rules_of(who, one.member);
}

answer<seen_list<policies::member>> members_for(const operation_context& at, const actor& who,
                                                operation what) {
    if (!who.may_anywhere(what)) return no_such_thing();
    seen_list<policies::member> made{at.registry.get(), {}};
    for (const auto* one : made.registry->members_by_name()) {
        if (who.may(what, one->slug)) made.documents.push_back(one);
    }
    return made;
}

answer<seen_members> list_members(const operation_context& at, const actor& who) {
    auto all = members_for(at, who, operation::see_member);
    if (!all) return all.error();
    seen_members made{std::move(all->registry), {}};
    for (const auto* one : all->documents)
        made.members.push_back(with_state(at, made.registry, *one));
    return made;
}

answer<seen_member> find_member(const operation_context& at, const actor& who,
                                const member_slug& slug) {
    auto registry = at.registry.get();
    const auto found = one_of(who, registry, registry->find_member(slug));
    if (!found) return found.error();
    return with_state(at, found->registry, *found->document);
}

answer<seen_list<policies::application>> list_applications(const operation_context& at,
                                                           const actor& who) {
    if (!who.may_anywhere(operation::see_application)) return no_such_thing();
    auto registry = at.registry.get();
    auto all = visible(who, registry->documents().applications);
    return seen_list<policies::application>{std::move(registry), std::move(all)};
}

answer<seen<policies::application>> find_application(const operation_context& at, const actor& who,
                                                     const application_key& key) {
    auto registry = at.registry.get();
    const auto* found = registry->find_application(key);
    return one_of(who, std::move(registry), found);
}

answer<seen_list<policies::constraint>> list_constraints(const operation_context& at,
                                                         const actor& who) {
    if (!who.may_anywhere(operation::see_application)) return no_such_thing();
    auto registry = at.registry.get();
    auto all = visible(who, registry->documents().constraints);
    return seen_list<policies::constraint>{std::move(registry), std::move(all)};
}

answer<seen_list<policies::mapping>> list_mappings(const operation_context& at, const actor& who,
                                                   const member_slug& of) {
    if (!who.may_anywhere(operation::see_roles)) return no_such_thing();
    auto registry = at.registry.get();
    auto all = visible(who, registry->documents().mappings, of);
    return seen_list<policies::mapping>{std::move(registry), std::move(all)};
}

answer<seen<policies::mapping>> find_mapping(const operation_context& at, const actor& who,
                                             const std::string& id) {
    auto registry = at.registry.get();
    const auto found = registry->documents().mappings.find(id);
    const bool is_there = found != registry->documents().mappings.end();
    const auto* one = is_there ? &found->second : nullptr;
    return one_of(who, std::move(registry), one);
}

answer<seen_grants> list_grants(const operation_context& at, const actor& who,
                                const member_slug& of) {
    if (!who.may_anywhere(operation::see_roles)) return no_such_thing();
    seen_grants made{at.registry.get(), {}, {}, {}};
    const auto& all = made.registry->documents();
    made.grants = visible(who, all.grants, of);
    made.exceptions = visible(who, all.exceptions, of);
    made.withdrawals = visible(who, all.withdrawals, of);
    return made;
}

}  // namespace kommpass::idp::admin
