// What is held on a person (DSGVO Art. 15), and its end (Art. 17).
#include "idp/admin/personal_data.hpp"
#include "idp/audit/events.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/commands/with_operations.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/campaigns.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/serialize.hpp>

#include <iostream>

namespace kommpass::idp::commands {
namespace {

// Grants, withdrawals and exceptions of the person, and of who stands in for them, go with a
// revision of their own. What earlier revisions say is a random id, which leads to nobody any more.
result<void, std::string> erase_rights(store::store& memory, const person_id& id,
                                       const std::string& reason) {
    auto current = registry::load_current(memory);
    if (!current) return current.error();
    auto documents = current->documents;
    const auto erase = [&](auto& from) {
        return std::erase_if(from, [&](const auto& one) {
            if constexpr (requires { one.second.deputy_of; }) {
                if (one.second.deputy_of == id) return true;
            }
            return one.second.person == id;
        });
    };
    const auto gone =
        erase(documents.grants) + erase(documents.withdrawals) + erase(documents.exceptions);
    if (gone == 0) return {};
    const auto number = registry::append_revision(
        memory, {std::move(documents), current->revision, "host:" + operator_name(), reason,
                 system_clock().now()});
    if (!number) return number.error();
    return {};
}

}  // namespace

int privacy_export(const settings_file& file, const std::string& person) {
    return with_operations(
        file, [&](const admin::operation_services& p) -> boost::asio::awaitable<int> {
            admin::operation_context at{p};
            const auto who = admin::actor::of_host(host_actor());
            const auto held = co_await admin::personal_data(at, who, person_id(person));
            if (!held)
                co_return refuse(held.error().code == "not_found" ? "there is no person " + person
                                                                  : "the store does not answer");
            std::cout << boost::json::serialize(*held) << '\n';
            co_return 0;
        });
}

int privacy_erase(const settings_file& file, const std::string& person, const std::string& reason) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const person_id id(person);
    bool known = false;
    const auto done = memory->write_now([&](store::transaction& t) {
        const auto found = t.persons().find(id);
        const auto pseudonym = t.audit().pseudonym_of(id);
        known = found.has_value() || !pseudonym.empty();
        if (!known) return;
        store::audit_record record;
        record.at = system_clock().now();
        record.event = audit::name_of(audit::event::person_erased);
        record.result = "ok";
        if (found) record.member = found->member;
        record.detail_json =
            audit::detail({{"pseudonym", pseudonym}, {"reason", reason}, {"who", operator_name()}});
        t.persons().erase(id);
        t.campaigns().erase_person(id);
        t.audit().forget_person(id);
        t.audit().append(record);
    });
    if (!done) return refuse("the store does not answer; nothing was erased");
    if (!known) return refuse("there is no person " + person);
    if (const auto gone = erase_rights(*memory, id, reason); !gone) return refuse(gone.error());
    std::cout << "erased: sessions, tokens, consents and the person; the audit log keeps "
                 "pseudonymous records\n";
    return 0;
}

}  // namespace kommpass::idp::commands
