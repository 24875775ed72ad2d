#include "idp/admin/overview.hpp"

#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/directory_approval.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/pending_requests.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/audit/unproven_records.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include "policies/explain.hpp"

#include <algorithm>
#include <set>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t bite = 2000;
constexpr std::size_t bites_for_a_look = 50;

// Goes on counting where the last look ended; the very first begins two weeks back.
awaitable<bool> count_sign_ins(operation_context& at, sign_in_counts& counts) {
    auto after = counts.read_up_to();
    if (after == 0) {
        const auto since = at.time.now() - std::chrono::days(sign_in_counts::days + 1);
        const auto first = co_await first_record_since(at, since);
        if (!first) co_return false;
        after = *first - 1;
    }
    for (std::size_t i = 0; i < bites_for_a_look; ++i) {
        auto read = [after](store::transaction& t) { return t.audit().read(after, bite); };
        const auto records = co_await at.memory.read(read);
        if (!records) co_return false;
        for (const auto& one : *records) {
            counts.take(one.sequence, one.record.event, one.record.member, one.record.at,
                        audit::happenings_in(one.record));
            after = one.sequence;
        }
        if (records->size() < bite) break;
    }
    co_return true;
}

template <class Rule>
void add_open_agreements(const Rule& rule, const std::string& document, const actor& who,
                         const std::optional<member_slug>& own, overview& into) {
    for (const auto& target : rule.for_members) {
        if (own && target == *own) continue;
        if (std::find(rule.agreed.begin(), rule.agreed.end(), target) != rule.agreed.end())
            continue;
        if (who.may(operation::agree_scope, target)) into.agreements.emplace_back(document, target);
    }
}

void add_rights(const policies::registry& all, const actor& who, day today, overview& into) {
    using policies::grant_state;
    for (const auto& [id, one] : all.grants) {
        add_open_agreements(one, "grants/" + id, who, one.member, into);
        if (!may_see(who, one)) continue;
        if (waits_before(who, one)) into.waiting.push_back(one);
        if (one.state == grant_state::active && one.until && *one.until >= today &&
            *one.until <= today + grants_end_soon)
            into.ending.push_back(one);
    }
    for (const auto& [id, one] : all.exceptions) {
        if (waits_before(who, one)) into.waiting_exceptions.push_back(one);
    }
    for (const auto& [id, one] : all.mappings) {
        add_open_agreements(one, "mappings/" + id, who, one.member, into);
        if (waits_before(who, one)) into.waiting_mappings.push_back(id);
    }
}

}  // namespace

awaitable<answer<overview>> look_around(operation_context& at, const actor& who) {
    if (!who.may_anywhere(operation::see_overview)) co_return no_such_thing();
    if (!co_await count_sign_ins(at, at.sign_ins)) co_return store_silent();
    overview made;
    made.registry = at.registry.get();
    const auto& registry = made.registry;
    const auto found = at.found.conflicts.get();
    made.conflicts_looked_at = found->looked_at;
    for (const auto& one : found->all) {
        if (who.may(operation::see_roles, one.member)) made.conflicts.push_back(one);
    }
    for (const auto* unread : {&found->silent, &found->cut_off}) {
        for (const auto& member : *unread) {
            if (who.may(operation::see_roles, member)) made.not_looked_at.push_back(member);
        }
    }
    for (const auto* member : registry->members_by_name()) {
        if (!may_see(who, *member)) continue;
        member_state state{member->slug, {}, 0, 0, member->active};
        if (member->active) state.silent_for = at.directories.silent_for(member->slug);
        for (const auto& one : registry->documents().subscriptions)
            state.applications += one.member == member->slug ? 1 : 0;
        for (const auto& one : made.conflicts) state.conflicts += one.member == member->slug;
        made.members.push_back(std::move(state));
    }
    add_rights(registry->documents(), who, at.today(), made);
    made.offers = offers_for(registry->documents(), who, at.today());
    for (const auto& [key, application] : registry->documents().applications) {
        for (const auto& client : application.clients) {
            const bool waits = client.state == policies::grant_state::requested;
            if (waits && who.may_everywhere(operation::change_application))
                made.waiting_clients.emplace_back(key, client.id);
        }
    }
    auto directories = co_await waiting_directories(at, who);
    if (!directories) co_return directories.error();
    made.waiting_directories = std::move(*directories);
    for (const auto& one : *at.found.certificates.get()) {
        if (who.may(operation::see_member, one.member)) made.certificates.push_back(one);
    }
    if (who.may_everywhere(operation::see_member))
        made.own_certificate = at.found.own_certificate.get()->faults;
    made.sign_ins = at.sign_ins.last_days(
        at.today(), [&](const member_slug& one) { return who.may(operation::see_member, one); });
    auto reviews = [](store::transaction& t) {
        std::vector<store::campaign_progress> open;
        for (const auto& one : t.campaigns().all()) {
            if (one.closed_at != instant{}) continue;
            for (auto& of : t.campaigns().progress(one.id)) open.push_back(std::move(of));
        }
        return open;
    };
    auto open = co_await at.memory.read(reviews);
    if (!open) co_return store_silent();
    for (auto& one : *open) {
        if (one.answered < one.items && who.may(operation::answer_campaign, one.member))
            made.open_reviews.push_back(std::move(one));
    }
    co_return made;
}

}  // namespace kommpass::idp::admin
