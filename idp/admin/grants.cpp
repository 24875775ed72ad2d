#include "idp/admin/grants.hpp"

#include "idp/admin/approval.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/record_id.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/validation.hpp"

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::grant_state;

// Ids of documents are slugs.
std::string new_id(operation_context& at, std::string_view prefix) {
    return std::string(prefix) + lower_case(store::new_record_id(at.random, at.time.now()));
}

std::optional<refusal> wrong_days(const operation_context& at, const std::optional<day>& from,
                                  const std::optional<day>& until) {
    if (until && *until < at.today()) return invalid("until", "date_in_the_past");
    if (from && until && *until < *from) return invalid("until", "until_before_from");
    return std::nullopt;
}

store::audit_record record_for(const operation_context& at, const actor& who, audit::event kind,
                               const member_slug& member, const person_id& person,
                               const std::string& id, const std::string& role,
                               const std::string& why, const std::string& asked_by = {}) {
    auto record =
        asked_by.empty()
            ? record_of(at, who.id(), kind, "ok", {{"document", id}, {"role", role}, {"why", why}})
            : record_of(at, who.id(), kind, "ok",
                        {{"document", id}, {"role", role}, {"why", why}, {"asked_by", asked_by}});
    record.member = member;
    record.person = person;
    return record;
}

// A grant says anew what a withdrawal ended, as soon as it holds.
void end_withdrawals(policies::registry& all, const policies::grant& by) {
    std::erase_if(all.withdrawals, [&](const auto& other) {
        return other.second.person == by.person && other.second.role == by.role &&
               other.second.member == by.member;
    });
}

// The running registry knows the document well enough to say whom a record is about.
template <class Document>
const Document* peek(const policies::snapshot& registry,
                     const std::map<std::string, Document> policies::registry::*all,
                     const std::string& id) {
    const auto& documents = registry.documents().*all;
    const auto found = documents.find(id);
    return found == documents.end() ? nullptr : &found->second;
}

}  // namespace

awaitable<answer<bool>> is_person_of(operation_context& at, person_id id, member_slug member) {
    auto find_person = [id](store::transaction& t) { return t.persons().find(id); };
    const auto found = co_await at.memory.read(find_person);
    if (!found) co_return store_silent();
    co_return *found && (*found)->member == member;
}

answer<asked_grant> ask_grant(operation_context& at, const actor& who,
                              const grant_request& wanted) {
    if (auto no = wrong_reason(wanted.reason)) return *std::move(no);
    if (auto no = wrong_days(at, wanted.from, wanted.until)) return *std::move(no);
    const auto registry = at.registry.get();
    if (registry->find_role(wanted.role) == nullptr)
        return invalid("role", "unknown_role", {wanted.role.str()});
    asked_grant made;
    auto& one = made.document;
    one.id = new_id(at, "g-");
    one.member = wanted.member;
    one.person = wanted.person;
    one.role = wanted.role;
    one.for_members = wanted.for_members;
    one.reason = wanted.reason;
    one.from = wanted.from;
    one.until = wanted.until;
    one.deputy_of = wanted.deputy_of;
    one.asked_by = who.id();
    one.asked_on = at.today();
    // Of whoever holds an invitation nobody knows who they are: they may be asking for themselves.
    made.waits = who.is_employee() || who.is_invited() ||
                 policies::needs_second_person(registry->documents(), wanted.role);
    one.state = made.waits ? grant_state::requested : grant_state::active;
    // Who may agree for a target and gives the role agrees by giving it.
    for (const auto& target : one.for_members) {
        if (target != one.member && who.may(operation::agree_scope, target))
            one.agreed.push_back(target);
    }
    made.record = record_for(at, who, audit::event::grant_requested, one.member, one.person,
                             "grants/" + one.id, one.role.str(), one.reason);
    const bool may = who.is_employee() || who.may(operation::request_grant, wanted.member);
    made.add = [one, may, waits = made.waits](policies::registry& all) -> std::optional<refusal> {
        const auto same = [&](const auto& other) {
            return may && other.second.person == one.person && other.second.role == one.role &&
                   other.second.member == one.member &&
                   other.second.for_members == one.for_members &&
                   (!other.second.until || !one.from || *one.from <= *other.second.until);
        };
        if (std::any_of(all.grants.begin(), all.grants.end(), same))
            return invalid("role", "granted_already");
        if (!waits) end_withdrawals(all, one);
        all.grants.emplace(one.id, one);
        return std::nullopt;
    };
    return made;
}

awaitable<answer<made_grant>> request_grant(operation_context& at, const actor& who,
                                            grant_request wanted) {
    auto asked = ask_grant(at, who, wanted);
    if (!asked) co_return asked.error();
    const auto known = co_await is_person_of(at, wanted.person, wanted.member);
    if (!known) co_return known.error();
    if (!*known && who.may(operation::see_person, wanted.member))
        co_return invalid("person", "unknown_person");
    registry_change change;
    change.why = wanted.reason;
    change.records = {asked->record};
    change.edit = asked->add;
    auto revision = co_await revision_of(at, who, std::move(change));
    if (!revision) co_return revision.error();
    co_return made_grant{asked->document.id, asked->waits, *revision};
}

awaitable<answer<long long>> approve_grant(operation_context& at, const actor& who, std::string id,
                                           std::string why, shown_digest shown) {
    registry_change change;
    change.decides = decision{"grants/" + id, std::move(shown)};
    const auto registry = at.registry.get();
    if (const auto* one = peek(*registry, &policies::registry::grants, id)) {
        change.records = {record_for(at, who, audit::event::grant_approved, one->member,
                                     one->person, "grants/" + id, one->role.str(), why)};
    }
    change.why = why.empty() ? "Freigabe" : std::move(why);
    change.edit = [id, approve = approval_of(at, who, &policies::registry::grants, id)](
                      policies::registry& all) -> std::optional<refusal> {
        if (auto no = approve(all)) return no;
        end_withdrawals(all, all.grants.at(id));
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> end_grant(operation_context& at, const actor& who, std::string id,
                                       std::string why, shown_digest shown) {
    if (auto no = wrong_reason(why)) co_return *std::move(no);
    registry_change change;
    change.decides = decision{"grants/" + id, std::move(shown), true};
    change.why = why;
    const auto registry = at.registry.get();
    if (const auto* one = peek(*registry, &policies::registry::grants, id)) {
        const bool refused = one->state == grant_state::requested && one->asked_by != who.id();
        change.records = {record_for(
            at, who, refused ? audit::event::grant_refused : audit::event::grant_ended, one->member,
            one->person, "grants/" + id, one->role.str(), why, one->asked_by)};
    }
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        if (all.grants.erase(id) == 0) return no_such_thing();
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<made_grant>> request_exception(operation_context& at, const actor& who,
                                                exception_request wanted) {
    if (auto no = wrong_reason(wanted.reason)) co_return *std::move(no);
    if (!wanted.until) co_return invalid("until", "until_missing");
    if (auto no = wrong_days(at, std::nullopt, wanted.until)) co_return *std::move(no);
    const auto known = co_await is_person_of(at, wanted.person, wanted.member);
    if (!known) co_return known.error();
    if (!*known && who.may(operation::see_person, wanted.member))
        co_return invalid("person", "unknown_person");
    policies::constraint_exception one;
    one.id = new_id(at, "e-");
    one.constraint = wanted.constraint;
    one.member = wanted.member;
    one.person = wanted.person;
    one.reason = wanted.reason;
    one.until = wanted.until;
    one.state = grant_state::requested;
    one.asked_by = who.id();
    one.asked_on = at.today();
    registry_change change;
    change.why = wanted.reason;
    change.records = {record_for(at, who, audit::event::grant_requested, one.member, one.person,
                                 "exceptions/" + one.id, one.constraint, one.reason)};
    change.edit = [&one](policies::registry& all) -> std::optional<refusal> {
        all.exceptions.emplace(one.id, one);
        return std::nullopt;
    };
    auto revision = co_await revision_of(at, who, std::move(change));
    if (!revision) co_return revision.error();
    co_return made_grant{one.id, true, *revision};
}

awaitable<answer<long long>> approve_exception(operation_context& at, const actor& who,
                                               std::string id, std::string why,
                                               shown_digest shown) {
    registry_change change;
    change.decides = decision{"exceptions/" + id, std::move(shown)};
    const auto registry = at.registry.get();
    if (const auto* one = peek(*registry, &policies::registry::exceptions, id)) {
        change.records = {record_for(at, who, audit::event::grant_approved, one->member,
                                     one->person, "exceptions/" + id, one->constraint, why)};
    }
    change.why = why.empty() ? "Freigabe der Ausnahme" : std::move(why);
    change.edit = approval_of(at, who, &policies::registry::exceptions, std::move(id));
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> end_exception(operation_context& at, const actor& who, std::string id,
                                           std::string why, shown_digest shown) {
    if (auto no = wrong_reason(why)) co_return *std::move(no);
    registry_change change;
    change.decides = decision{"exceptions/" + id, std::move(shown), true};
    change.why = why;
    const auto registry = at.registry.get();
    if (const auto* one = peek(*registry, &policies::registry::exceptions, id)) {
        change.records = {record_for(at, who, audit::event::grant_ended, one->member, one->person,
                                     "exceptions/" + id, one->constraint, why)};
    }
    change.edit = [&](policies::registry& all) -> std::optional<refusal> {
        if (all.exceptions.erase(id) == 0) return no_such_thing();
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

awaitable<answer<long long>> end_role(operation_context& at, const actor& who, member_slug member,
                                      person_id person, role_name role, std::string why) {
    if (auto no = wrong_reason(why)) co_return *std::move(no);
    // Before anything is looked for: a person of another member is nobody here.
    if (!who.may(operation::end_grant, member)) {
        co_return who.may(operation::see_member, member) ? forbidden("not_allowed")
                                                         : no_such_thing();
    }
    const auto known = co_await is_person_of(at, person, member);
    if (!known) co_return known.error();
    if (!*known) co_return no_such_thing();
    policies::withdrawal gone;
    gone.id = new_id(at, "w-");
    gone.member = member;
    gone.person = person;
    gone.role = role;
    gone.reason = why;
    gone.asked_by = who.id();
    gone.asked_on = at.today();
    registry_change change;
    change.why = why;
    change.records = {record_for(at, who, audit::event::grant_ended, member, person,
                                 "withdrawals/" + gone.id, role.str(), why)};
    change.edit = [&gone](policies::registry& all) -> std::optional<refusal> {
        std::erase_if(all.grants, [&](const auto& one) {
            return one.second.person == gone.person && one.second.role == gone.role &&
                   one.second.member == gone.member;
        });
        const auto same = [&](const auto& one) {
            return one.second.person == gone.person && one.second.role == gone.role &&
                   one.second.member == gone.member;
        };
        if (std::none_of(all.withdrawals.begin(), all.withdrawals.end(), same))
            all.withdrawals.emplace(gone.id, gone);
        return std::nullopt;
    };
    co_return co_await revision_of(at, who, std::move(change));
}

}  // namespace kommpass::idp::admin
