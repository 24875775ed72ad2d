#include "idp/admin/mappings.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/approval.hpp"
#include "idp/admin/catalogue.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/run_on.hpp"
#include "policies/registry_files.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::grant_state;

// What a mapping that waits was in force as before; nothing if it is new.
awaitable<answer<std::optional<policies::mapping>>> before_request(operation_context& at,
                                                                   std::string id) {
    using found = answer<std::optional<policies::mapping>>;
    auto revision = at.registry.get()->revision() + 1;
    // Each step goes to before the last change of the mapping; a request may have been changed.
    for (;;) {
        auto read = [&id, revision](store::transaction& t) {
            const auto changed = t.revisions().last_change_before(revision, "mappings/" + id);
            auto before = changed ? t.revisions().find(*changed - 1) : std::nullopt;
            return std::pair(changed, std::move(before));
        };
        const auto step = co_await at.memory.read(read);
        if (!step) co_return store_silent();
        if (!step->second) co_return found(std::nullopt);
        auto work = [&] { return policies::from_json(step->second->documents_json); };
        auto documents = co_await tasks::run_on(at.computing, std::move(work), at.whose);
        if (!documents) co_return store_silent();
        const auto* one = find_in(documents->mappings, id);
        if (one == nullptr) co_return found(std::nullopt);
        if (one->state == grant_state::active) co_return found(*one);
        revision = *step->first;
    }
}

}  // namespace

registry_change change_to(policies::mapping rule) {
    registry_change change;
    change.touches = touched(policies::document_kind::mapping, rule.id);
    change.edit = [rule = std::move(rule)](policies::registry& all) -> std::optional<refusal> {
        const policies::mapping nothing;
        const auto* known = find_in(all.mappings, rule.id);
        const auto& was = known != nullptr ? *known : nothing;
        auto made = rule;
        // Approval is an operation of its own, and not a field.
        made.state = was.state;
        made.asked_by = was.asked_by;
        made.asked_on = was.asked_on;
        made.approved_by = was.approved_by;
        made.approved_on = was.approved_on;
        all.mappings.insert_or_assign(rule.id, std::move(made));
        return std::nullopt;
    };
    return change;
}

registry_change removal_of_mapping(std::string id) {
    return removal_from(&policies::registry::mappings, std::move(id));
}

answer<mapping_choices> choices_for(const operation_context& at, const actor& who,
                                    const policies::mapping& shown) {
    mapping_choices made;
    made.registry = at.registry.get();
    const auto& all = made.registry->documents();
    // Another member's rule does not exist, whatever id is typed.
    const auto known = all.mappings.find(shown.id);
    if (known != all.mappings.end() && may_see(who, known->second)) made.in_force = &known->second;
    if (made.in_force == nullptr && !who.may_anywhere(operation::change_mapping))
        return no_such_thing();
    const bool everywhere = who.may_everywhere(operation::change_mapping);
    const bool exists = made.in_force != nullptr;
    made.may_change = shown.member ? who.may(operation::change_mapping, *shown.member)
                      : exists     ? everywhere
                                   : who.may_anywhere(operation::change_mapping);
    made.may_be_everybodys = everywhere || (exists && !shown.member);
    for (const auto* one : made.registry->members_by_name()) {
        if (who.may(operation::see_roles, one->slug)) made.members.push_back(one);
    }
    made.roles = roles_to_hand_out(all, who, shown.roles);
    return made;
}

awaitable<answer<made_mapping>> put_mapping(operation_context& at, const actor& who,
                                            policies::mapping rule, std::string why,
                                            std::optional<long long> expected) {
    const auto id = rule.id;
    auto change = change_to(std::move(rule));
    const auto revision =
        co_await revision_of(at, who, std::move(change), std::move(why), expected);
    if (!revision) co_return revision.error();
    made_mapping made{*revision, false, at.registry.get(), nullptr};
    // Gone again where somebody else was quick.
    const auto& all = made.registry->documents().mappings;
    if (const auto found = all.find(id); found != all.end()) made.document = &found->second;
    made.waits = made.document != nullptr && made.document->state == grant_state::requested;
    co_return made;
}

awaitable<answer<long long>> remove_mapping(operation_context& at, const actor& who, std::string id,
                                            std::string why, std::optional<long long> expected) {
    auto change = removal_of_mapping(std::move(id));
    return revision_of(at, who, std::move(change), std::move(why), expected);
}

awaitable<answer<long long>> approve_mapping(operation_context& at, const actor& who,
                                             std::string id, std::string why, shown_digest shown) {
    registry_change change;
    change.why = why.empty() ? "Freigabe" : std::move(why);
    change.decides = decision{"mappings/" + id, std::move(shown)};
    change.edit = approval_of(at, who, &policies::registry::mappings, std::move(id));
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> refuse_mapping(operation_context& at, const actor& who, std::string id,
                                            std::string why, shown_digest shown) {
    if (auto no = wrong_reason(why)) co_return *std::move(no);
    const auto earlier = co_await before_request(at, id);
    if (!earlier) co_return earlier.error();
    registry_change change;
    change.why = why;
    change.refused_mapping = id;
    change.decides = decision{"mappings/" + id, std::move(shown), true};
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto* one = find_in(all.mappings, id);
        if (one == nullptr || one->state != grant_state::requested) return no_such_thing();
        all.mappings.erase(id);
        if (*earlier) all.mappings.emplace(id, **earlier);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

}  // namespace kommpass::idp::admin
