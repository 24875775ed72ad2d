#include "idp/admin/members.hpp"

#include "idp/admin/departure.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/one_time_code.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/http/form.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/set_ups.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/grammar.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

const application_key own_administration("fed");

void take(const member_facts& facts, policies::member& into) {
    if (facts.name) into.name = *facts.name;
    if (facts.name_variant) into.name_variant = *facts.name_variant;
    if (facts.domains) into.domains = *facts.domains;
    if (facts.help_contact) into.help_contact = *facts.help_contact;
}

void book_like(policies::registry& all, const member_slug& slug, const member_slug& like) {
    std::vector<policies::subscription> made;
    for (const auto& one : all.subscriptions) {
        if (one.member == like) made.push_back({slug, one.application});
    }
    const policies::subscription own{slug, own_administration};
    const bool known = all.applications.contains(own_administration);
    if (known && std::find(made.begin(), made.end(), own) == made.end()) made.push_back(own);
    all.subscriptions.insert(all.subscriptions.end(), made.begin(), made.end());
    policies::sort_bookings(all.subscriptions);
}

// Rules of others: the member is no longer among those that they hold for. One that held for it
// alone would turn into one for its owner.
template <class Rules>
void drop_from_others(Rules& rules, const member_slug& gone) {
    for (auto one = rules.begin(); one != rules.end();) {
        auto& rule = one->second;
        const bool named = std::erase(rule.for_members, gone) > 0;
        std::erase(rule.agreed, gone);
        one = rule.member == gone || (named && rule.for_members.empty()) ? rules.erase(one)
                                                                         : std::next(one);
    }
}

template <class Documents>
void drop_own(Documents& documents, const member_slug& gone) {
    std::erase_if(documents, [&](const auto& one) { return one.second.member == gone; });
}

void drop_member(policies::registry& all, const member_slug& gone) {
    all.members.erase(gone);
    std::erase_if(all.subscriptions, [&](const auto& one) { return one.member == gone; });
    drop_from_others(all.mappings, gone);
    drop_from_others(all.grants, gone);
    drop_own(all.withdrawals, gone);
    drop_own(all.exceptions, gone);
    for (auto& [key, one] : all.applications) {
        if (one.operated_by == gone) one.operated_by = member_slug();
    }
}

awaitable<answer<std::vector<store::person>>> persons_of(operation_context& at,
                                                         const member_slug& member) {
    auto read = [&member](store::transaction& t) { return t.persons().of_member(member); };
    auto persons = co_await at.memory.read(read);
    if (!persons) co_return store_silent();
    co_return std::move(*persons);
}

}  // namespace

awaitable<answer<long long>> create_member(operation_context& at, const actor& who,
                                           member_slug slug, member_facts facts, member_slug like,
                                           std::string why) {
    if (!policies::grammar::is_slug(slug.view())) co_return invalid("slug", "must_be_slug");
    registry_change change;
    change.why = std::move(why);
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        if (!like.empty() && !all.members.contains(like)) return invalid("like", "unknown_member");
        policies::member made;
        made.slug = slug;
        made.active = false;
        take(facts, made);
        if (!all.members.emplace(slug, std::move(made)).second)
            return invalid("slug", "member_exists");
        book_like(all, slug, like);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> change_member(operation_context& at, const actor& who,
                                           member_slug slug, member_facts facts, std::string why,
                                           std::optional<long long> expected) {
    registry_change change;
    change.why = std::move(why);
    change.expected = expected;
    change.touches = touched(policies::document_kind::member, slug.str(), slug);
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        const auto found = all.members.find(slug);
        if (found == all.members.end()) return no_such_thing();
        take(facts, found->second);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<issued_invitation>> invite(operation_context& at, const actor& who,
                                            const jose::key_ring& keys, std::string issuer,
                                            member_slug member) {
    const auto registry = at.registry.get();
    const auto* found = registry->find_member(member);
    if (found == nullptr || !who.may(operation::see_member, member)) co_return no_such_thing();
    if (!who.may_everywhere(operation::change_member)) co_return forbidden("association_only");
    if (found->active) co_return invalid("member", "is_set_up");
    const one_time_code code{at.random.token(16), member.str(), at.time.now() + invitation.link};
    auto record = record_of(at, who.id(), audit::event::invitation_issued, "ok");
    record.person = who.person();
    record.member = member;
    auto write = [&record](store::transaction& t) { t.audit().append(record); };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return issued_invitation{
        issuer + "/invitation?code=" + http::percent_encode(seal_code(keys, invitation, code)),
        code.expires_at};
}

awaitable<answer<removed_member>> remove_member(operation_context& at, const actor& who,
                                                member_slug member, std::string why) {
    const auto registry = at.registry.get();
    const auto* found = registry->find_member(member);
    if (!who.may_everywhere(operation::change_member)) {
        const bool sees = found != nullptr && who.may(operation::see_member, member);
        co_return sees ? forbidden("association_only") : no_such_thing();
    }
    if (found != nullptr && found->association) co_return invalid("member", "is_association");
    const auto persons = co_await persons_of(at, member);
    if (!persons) co_return persons.error();
    // Without the member, its persons are what an earlier call did not come to.
    if (found == nullptr && persons->empty()) co_return no_such_thing();
    registry_change change;
    change.why = why;
    change.may_leave_unsearched =
        true;  // it takes away only, and its directory may be gone already
    change.named.members.insert(member);
    change.edit = [&member](policies::registry& all) -> std::optional<refusal> {
        drop_member(all, member);
        return std::nullopt;
    };
    const departure left{member.str(), who.id(),  why, to_unix_seconds(at.time.now()),
                         at.request,   at.address};
    long long noted = 0;
    change.also = [&](store::transaction& t) {
        t.set_ups().remove(member);
        noted = note_departure(t, left, at.time.now());
    };
    // Rules of others that lose the member are not new requests of whoever removes it.
    const auto whole = who.with_every_right();
    auto done = co_await change_registry(at, whole, std::move(change));
    if (!done) co_return done.error();
    auto gone = left;
    const auto erased =
        co_await erase_departed(at.memory, at.time, std::move(gone), persons->size());
    if (!erased) co_return store_silent();
    auto arrived = [noted](store::transaction& t) { (void)t.outbox().delivered(noted); };
    (void)co_await at.memory.write(arrived);  // else it is found done later
    co_return removed_member{done->revision, erased->erased};
}

}  // namespace kommpass::idp::admin
