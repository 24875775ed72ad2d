#include "idp/admin/erasure.hpp"

#include "idp/registry/revisions.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/tasks/run_on.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

std::size_t remove_rights(policies::registry& documents, const person_id& id) {
    const auto remove = [&](auto& from) {
        return std::erase_if(from, [&](const auto& one) {
            if constexpr (requires { one.second.deputy_of; }) {
                if (one.second.deputy_of == id) return true;
            }
            return one.second.person == id;
        });
    };
    return remove(documents.grants) + remove(documents.withdrawals) + remove(documents.exceptions);
}

// Blocks: for a worker thread.
answer<bool> erase_rights(store::store& memory, const person_id& id, const std::string& who,
                          const std::string& reason, instant now) {
    auto current = registry::load_current(memory);
    if (!current)
        return refusal{refusal::reason::unavailable, "store_unavailable", {}, {current.error()}};
    auto documents = std::move(current->documents);
    if (remove_rights(documents, id) == 0) return true;
    const auto number = registry::append_revision(
        memory, {std::move(documents), current->revision, who, reason, now});
    if (!number)
        return refusal{refusal::reason::unavailable, "store_unavailable", {}, {number.error()}};
    return true;
}

}  // namespace

void forget_person(store::transaction& t, const person_id& id, store::audit_record record) {
    if (const auto known = t.persons().find(id))
        sessions::end_all_access(t, id, known->member, std::move(record));
    t.persons().erase(id);
    t.campaigns().erase_person(id);
    t.audit().forget_person(id);
}

awaitable<answer<bool>> erase_person(operation_context& at, const actor& who, person_id id,
                                     std::string reason, std::string by) {
    if (!who.is_host()) co_return forbidden("not_yours");
    const auto now = at.time.now();
    auto erase = [&](store::transaction& t) {
        const auto found = t.persons().find(id);
        const auto pseudonym = t.audit().pseudonym_of(id);
        if (!found && pseudonym.empty()) return false;
        store::audit_record ended;
        ended.at = now;
        ended.result = "erased";
        store::audit_record record;
        record.at = now;
        record.event = audit::name_of(audit::event::person_erased);
        record.result = "ok";
        if (found) record.member = found->member;
        record.detail_json =
            audit::detail({{"pseudonym", pseudonym}, {"reason", reason}, {"who", by}});
        forget_person(t, id, ended);
        t.audit().append(record);
        return true;
    };
    const auto erased = co_await at.memory.write(erase);
    if (!erased) co_return store_silent();
    if (!*erased) co_return no_such_thing();
    auto rights = [&] { return erase_rights(at.memory, id, who.id(), reason, now); };
    co_return co_await tasks::run_on(at.computing, std::move(rights), at.whose);
}

}  // namespace kommpass::idp::admin
