#include "idp/admin/history.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/repointing.hpp"
#include "idp/admin/rights.hpp"

#include "idp/store/revisions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/tasks/run_on.hpp"

#include "policies/registry_files.hpp"

#include <algorithm>
#include <limits>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

bool may_see(const actor& who, const member_slug& owner) {
    return owner.empty() ? who.may_everywhere(operation::see_revisions)
                         : who.may(operation::see_revisions, owner);
}

revision_entry entry_of(const actor& who, store::registry_revision revision,
                        const std::vector<store::revision_document>& documents) {
    revision_entry made{std::move(revision), {}, true};
    for (const auto& one : documents) {
        if (may_see(who, one.member))
            made.documents.push_back(one.document);
        else
            made.all_visible = false;
    }
    return made;
}

// Only the documents that the actor may see are taken over from the other side, so that the
// difference speaks of nothing else.
template <class Map>
void keep_visible(const actor& who, Map& all, std::string_view folder,
                  const std::vector<std::string>& visible) {
    std::erase_if(all, [&](const auto& one) {
        // A document that changed hands was visible to its former owner.
        if constexpr (requires { one.second.member; }) {
            const std::optional<member_slug> owner = one.second.member;
            if (!may_see(who, owner.value_or(member_slug()))) return true;
        }
        std::string key;
        if constexpr (std::is_same_v<std::decay_t<decltype(one.first)>, std::string>)
            key = one.first;
        else
            key = one.first.str();
        const auto name = std::string(folder) + "/" + key;
        return std::find(visible.begin(), visible.end(), name) == visible.end();
    });
}

policies::registry only(const actor& who, policies::registry all,
                        const std::vector<std::string>& visible) {
    keep_visible(who, all.members, "members", visible);
    keep_visible(who, all.applications, "applications", visible);
    keep_visible(who, all.mappings, "mappings", visible);
    keep_visible(who, all.grants, "grants", visible);
    keep_visible(who, all.withdrawals, "withdrawals", visible);
    keep_visible(who, all.constraints, "constraints", visible);
    keep_visible(who, all.exceptions, "exceptions", visible);
    std::erase_if(all.subscriptions, [&](const policies::subscription& one) {
        const auto name = "subscriptions/" + one.member.str() + "/" + one.application.str();
        return std::find(visible.begin(), visible.end(), name) == visible.end();
    });
    return all;
}

// A subscription is written in its member's file: without the member it would be lost.
std::vector<std::string> subscription_lines(const policies::registry& before,
                                            const policies::registry& after) {
    std::vector<std::string> lines;
    for (const auto& one : policies::changed_documents(before, after)) {
        if (one.kind == policies::document_kind::subscription)
            lines.push_back(one.name() + (one.exists ? ": +" : ": -"));
    }
    return lines;
}

// Directories in force are led elsewhere by two people; on the service's machine by its operator.
std::optional<refusal> leads_elsewhere(const actor& who, const policies::registry& before,
                                       const policies::registry& after) {
    if (who.is_host()) return std::nullopt;
    const auto members = repointed_members(before, after);
    if (members.empty()) return std::nullopt;
    auto no = forbidden("directory_needs_approval");
    for (const auto& one : members) no.details.push_back(one.str());
    return no;
}

answer<policies::registry> documents_of(const std::optional<store::registry_revision>& one) {
    if (!one) return policies::registry{};
    auto read = policies::from_json(one->documents_json);
    if (!read) return refusal{refusal::reason::invalid, "registry_invalid", {}, {read.error()}};
    return std::move(*read);
}

}  // namespace

awaitable<answer<std::vector<revision_entry>>> list_revisions(operation_context& at,
                                                              const actor& who, long long before,
                                                              std::size_t limit) {
    if (!who.may_anywhere(operation::see_revisions)) co_return no_such_thing();
    std::vector<revision_entry> made;
    auto next = before > 0 ? before : std::numeric_limits<long long>::max();
    for (bool more = true; more && made.size() < limit;) {
        auto read = [next](store::transaction& t) {
            std::vector<std::pair<store::registry_revision, std::vector<store::revision_document>>>
                all;
            for (auto& one : t.revisions().history_before(next, 50)) {
                auto documents = t.revisions().documents_of(one.number);
                all.emplace_back(std::move(one), std::move(documents));
            }
            return all;
        };
        auto found = co_await at.memory.read(read);
        if (!found) co_return store_silent();
        more = found->size() == 50;
        for (auto& [revision, documents] : *found) {
            next = revision.number;
            auto entry = entry_of(who, std::move(revision), documents);
            if (!entry.documents.empty() && made.size() < limit) made.push_back(std::move(entry));
        }
    }
    co_return made;
}

awaitable<answer<revision_difference>> view_revision(operation_context& at, const actor& who,
                                                     long long number) {
    if (!who.may_anywhere(operation::see_revisions)) co_return no_such_thing();
    struct found {
        std::optional<store::registry_revision> before;
        std::optional<store::registry_revision> after;
        std::vector<store::revision_document> documents;
    };
    auto read = [number](store::transaction& t) {
        return found{t.revisions().find(number - 1), t.revisions().find(number),
                     t.revisions().documents_of(number)};
    };
    const auto both = co_await at.memory.read(read);
    if (!both) co_return store_silent();
    if (!both->after) co_return no_such_thing();
    auto work = [&]() -> answer<revision_difference> {
        const auto before = documents_of(both->before);
        const auto after = documents_of(both->after);
        if (!before) return before.error();
        if (!after) return after.error();
        auto revision = *both->after;
        revision.documents_json.clear();
        revision_difference made{entry_of(who, std::move(revision), both->documents), {}};
        if (made.entry.documents.empty()) return no_such_thing();
        const auto& visible = made.entry.documents;
        const auto was = only(who, *before, visible);
        const auto is = only(who, *after, visible);
        made.lines = policies::difference(was, is);
        for (auto& line : subscription_lines(was, is)) made.lines.push_back(std::move(line));
        return made;
    };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

awaitable<answer<way_back>> view_way_back(operation_context& at, const actor& who,
                                          long long number) {
    if (!who.may_everywhere(operation::roll_back)) co_return forbidden("association_only");
    struct found {
        std::optional<store::registry_revision> newest;
        std::optional<store::registry_revision> then;
    };
    auto read = [number](store::transaction& t) {
        return found{t.revisions().latest(), t.revisions().find(number)};
    };
    const auto both = co_await at.memory.read(read);
    if (!both) co_return store_silent();
    if (!both->newest || !both->then) co_return no_such_thing();
    auto work = [&]() -> answer<way_back> {
        const auto now = documents_of(both->newest);
        auto then = documents_of(both->then);
        if (!now) return now.error();
        if (!then) return then.error();
        policies::keep_withdrawals(*now, {}, *then);  // as the roll-back does
        way_back made{both->newest->number, policies::difference(*now, *then)};
        for (auto& line : subscription_lines(*now, *then)) made.lines.push_back(std::move(line));
        return made;
    };
    co_return co_await tasks::run_on(at.computing, std::move(work), at.whose);
}

awaitable<answer<changed_registry>> roll_back(operation_context& at, const actor& who,
                                              long long number, std::string why,
                                              std::optional<long long> expected,
                                              policies::named_losses named) {
    if (!who.may_everywhere(operation::roll_back)) co_return forbidden("association_only");
    if (!expected && !who.is_host()) co_return invalid("If-Match", "revision_missing");
    auto read = [number](store::transaction& t) { return t.revisions().find(number); };
    const auto found = co_await at.memory.read(read);
    if (!found) co_return store_silent();
    if (!*found) co_return no_such_thing();
    auto work = [&] { return documents_of(*found); };
    auto documents = co_await tasks::run_on(at.computing, std::move(work), at.whose);
    if (!documents) co_return documents.error();
    registry_change change;
    change.why = why;
    change.expected = expected;
    change.may_leave_unsearched = true;
    change.replaces_all = true;
    change.named = std::move(named);
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        policies::keep_withdrawals(all, {}, *documents);
        // One person's roll-back would make them everybody of a member.
        if (auto no = leads_elsewhere(who, all, *documents)) return no;
        all = *documents;
        return std::nullopt;
    };
    // The right to roll back is judged here, document by document it would not fit: approvals of
    // others come back with it.
    const auto whole = who.with_every_right();
    co_return co_await change_registry(at, whole, std::move(change));
}

}  // namespace kommpass::idp::admin
