#include "idp/admin/pending_requests.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/second_person.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"

namespace kommpass::idp::admin {
namespace {

using policies::registry;

bool waits(policies::grant_state state) noexcept {
    return state == policies::grant_state::requested;
}

bool may_approve(const actor& who, const registry& all, const policies::grant& one) {
    return who.may(approval_right(who, all, one), one.member) && one.person != who.person();
}
bool may_approve(const actor& who, const registry&, const policies::mapping& one) {
    return one.member ? who.may(operation::approve_grant, *one.member)
                      : who.may_everywhere(operation::approve_grant);
}
bool may_approve(const actor& who, const registry&, const policies::constraint_exception& one) {
    return who.may(operation::approve_exception, one.member) && one.person != who.person();
}

template <class Document>
pending_request request_of(const actor& who, const registry& all, const Document& one,
                           std::string key) {
    pending_request made{&one, std::move(key), version_of(all, one).digest};
    made.own = one.asked_by == who.id();
    if constexpr (requires { one.person; })
        made.for_actor = !one.person.empty() && one.person == who.person();
    made.may_approve = may_approve(who, all, one) && !made.own;
    return made;
}

}  // namespace

bool waits_before(const actor& who, const policies::mapping& one) noexcept {
    const bool concerns = one.member ? may_see(who, one) : who.may_everywhere(operation::see_roles);
    return waits(one.state) && concerns;
}
bool waits_before(const actor& who, const policies::grant& one) noexcept {
    return waits(one.state) && may_see(who, one);
}
bool waits_before(const actor& who, const policies::constraint_exception& one) noexcept {
    return waits(one.state) && may_see(who, one);
}

answer<pending_requests> list_pending_requests(const operation_context& at, const actor& who,
                                               std::string_view after, std::size_t most) {
    if (!who.may_anywhere(operation::see_roles)) return no_such_thing();
    pending_requests made{at.registry.get(), {}, {}};
    const auto& all = made.registry->documents();
    const auto add = [&](const auto& documents, const std::string& kind) {
        for (const auto& [id, one] : documents) {
            auto key = kind + "/" + id;
            if (made.next || key <= after || !waits_before(who, one)) continue;
            if (made.requests.size() == most)
                made.next = made.requests.back().key;
            else
                made.requests.push_back(request_of(who, all, one, std::move(key)));
        }
    };
    // In the order of the kinds' names, as the keys are.
    add(all.exceptions, "exception");
    add(all.grants, "grant");
    add(all.mappings, "mapping");
    return made;
}

}  // namespace kommpass::idp::admin
