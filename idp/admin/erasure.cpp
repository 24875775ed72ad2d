#include "idp/admin/erasure.hpp"

#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t longest_reason = 300;

void remove_documents(policies::registry& documents, const person_id& id) {
    const auto remove = [&](auto& from) {
        std::erase_if(from, [&](const auto& one) {
            if constexpr (requires { one.second.deputy_of; }) {
                if (one.second.deputy_of == id) return true;
            }
            return one.second.person == id;
        });
    };
    remove(documents.grants);
    remove(documents.withdrawals);
    remove(documents.exceptions);
}

struct known_person {
    std::optional<store::person> person;
    bool in_records = false;
};

awaitable<answer<known_person>> known(operation_context& at, const person_id& id) {
    auto read = [&](store::transaction& t) {
        return known_person{t.persons().find(id), !t.audit().pseudonym_of(id).empty()};
    };
    auto found = co_await at.memory.read(read);
    if (!found) co_return store_silent();
    co_return std::move(*found);
}

std::optional<refusal> may_not_erase(const actor& who, const known_person& found,
                                     const person_id& id) {
    const bool may = who.may_everywhere(operation::erase_person);
    if (!may && found.person && who.may(operation::see_person, found.person->member))
        return forbidden("association_only");
    if (!may || (!found.person && !found.in_records)) return no_such_thing();
    if (!who.person().empty() && who.person() == id) return forbidden("own_person");
    return std::nullopt;
}

}  // namespace

std::optional<std::size_t> forget_person(store::transaction& t, const person_id& id,
                                         const erasure_record& like) {
    const auto found = t.persons().find(id);
    if (!found && t.audit().pseudonym_of(id).empty()) return std::nullopt;
    store::audit_record record;
    record.at = like.at;
    record.result = like.result;
    record.request = like.request;
    record.address = like.address;
    std::size_t ended = 0;
    if (found) {
        auto end = record;
        end.detail_json = audit::detail({{"who", like.who}});
        ended = sessions::end_all_access(t, id, found->member, std::move(end));
        record.member = found->member;
    }
    record.event = audit::name_of(audit::event::person_erased);
    // The pseudonym vouches for the addresses that are gone from the chain.
    record.detail_json = audit::detail(
        {{"pseudonym", t.audit().pseudonym_of(id)}, {"reason", like.reason}, {"who", like.who}});
    t.persons().erase(id);
    t.campaigns().erase_person(id);
    t.audit().forget_person(id);
    t.audit().append(record);
    return ended;
}

awaitable<answer<erased_person>> erase_person(operation_context& at, const actor& who, person_id id,
                                              std::string reason) {
    if (reason.empty()) co_return invalid("why", "reason_missing");
    if (utf8_length(reason) > longest_reason) co_return invalid("why", "reason_too_long");
    const auto found = co_await known(at, id);
    if (!found) co_return found.error();
    if (auto no = may_not_erase(who, *found, id)) co_return *std::move(no);
    const erasure_record like{who.id(), reason, at.time.now(), "ok", at.request, at.address};
    std::optional<std::size_t> ended;
    registry_change change;
    change.why = std::move(reason);
    change.looks_for_conflicts = false;
    change.edit = [&id](policies::registry& documents) -> std::optional<refusal> {
        remove_documents(documents, id);
        return std::nullopt;
    };
    change.also = [&](store::transaction& t) { ended = forget_person(t, id, like); };
    // Who may erase may take away every right of the person, whoever gave it.
    const auto whole = who.with_every_right();
    const auto done = co_await change_registry(at, whole, std::move(change));
    if (!done) co_return done.error();
    if (!ended) co_return no_such_thing();  // somebody else was quicker
    co_return erased_person{*ended, done->documents.size(), done->revision};
}

}  // namespace kommpass::idp::admin
