#include "idp/admin/agreements.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/approval.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

bool contains(const std::vector<member_slug>& all, const member_slug& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

// Who ends what its owner gave withdraws an agreement as well.
bool may_withdraw(const actor& who, const std::optional<member_slug>& owner) {
    return owner ? who.may(operation::end_grant, *owner) : who.may_everywhere(operation::end_grant);
}

template <class Rule>
std::optional<refusal> set_agreement(const actor& who, Rule& rule, const member_slug& target,
                                     bool agreed) {
    if (!who.may(operation::agree_scope, target) && !may_withdraw(who, rule.member))
        return no_such_thing();
    if (!contains(rule.for_members, target)) return no_such_thing();
    std::erase(rule.agreed, target);
    if (agreed) rule.agreed.push_back(target);
    std::sort(rule.agreed.begin(), rule.agreed.end());
    return std::nullopt;
}

// Who asked for it stands in a grant; a mapping is of whoever made it what it is.
void tell_author(const policies::snapshot& registry, asked_agreement& asked) {
    const auto* author = registry.author_of(asked.document);
    if (author == nullptr) return;
    asked.asked_by = author->who;
    asked.asked_on = local_day_of(author->at);
    asked.why = author->why;
}
void tell_request(const policies::snapshot& registry, const policies::mapping& rule,
                  asked_agreement& asked) {
    tell_author(registry, asked);
    if (rule.asked_by.empty()) return;
    asked.asked_by = rule.asked_by;
    asked.asked_on = rule.asked_on;
}
void tell_request(const policies::snapshot&, const policies::grant& rule, asked_agreement& asked) {
    asked.asked_by = rule.asked_by;
    asked.asked_on = rule.asked_on;
    asked.why = rule.reason;
}

template <class Rule>
void add(const policies::snapshot& registry, const actor& who, const std::string& document,
         const Rule& rule, std::vector<asked_agreement>& into) {
    const std::optional<member_slug> owner = rule.member;
    for (const auto& target : rule.for_members) {
        if (owner == target) continue;
        asked_agreement one;
        one.given = contains(rule.agreed, target);
        one.may_agree = who.may(operation::agree_scope, target);
        if (!one.may_agree && !(one.given && may_withdraw(who, owner))) continue;
        one.document = document;
        one.owner = owner;
        one.target = target;
        one.version = version_of(registry.documents(), rule);
        tell_request(registry, rule, one);
        into.push_back(std::move(one));
    }
}

}  // namespace

awaitable<answer<long long>> agree(operation_context& at, const actor& who, std::string document,
                                   member_slug target, bool agreed, std::string why,
                                   shown_digest shown) {
    registry_change change;
    change.why = !why.empty() ? why : agreed ? "Zustimmung" : "Zustimmung widerrufen";
    change.decides = decision{document, std::move(shown)};
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto slash = document.find('/');
        const auto key = document.substr(std::min(slash, document.size() - 1) + 1);
        if (document.starts_with("grants/")) {
            auto* one = find_in(all.grants, key);
            return one == nullptr ? no_such_thing() : set_agreement(who, *one, target, agreed);
        }
        auto* one = document.starts_with("mappings/") ? find_in(all.mappings, key) : nullptr;
        return one == nullptr ? no_such_thing() : set_agreement(who, *one, target, agreed);
    };
    co_return co_await revision_of(at, who, std::move(change));
}

answer<asked_agreements> list_agreements(const operation_context& at, const actor& who) {
    if (!who.may_anywhere(operation::see_roles)) return no_such_thing();
    asked_agreements made{at.registry.get(), {}};
    const auto& registry = *made.registry;
    for (const auto& [id, one] : registry.documents().mappings)
        add(registry, who, "mappings/" + id, one, made.asked);
    for (const auto& [id, one] : registry.documents().grants)
        add(registry, who, "grants/" + id, one, made.asked);
    std::stable_partition(made.asked.begin(), made.asked.end(),
                          [](const asked_agreement& one) { return !one.given; });
    return made;
}

}  // namespace kommpass::idp::admin
