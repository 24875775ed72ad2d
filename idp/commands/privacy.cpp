// What is held on a person (DSGVO Art. 15), and its end (Art. 17).
#include "config/vocabulary/base64url.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/audit/events.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/service/revisions.hpp"
#include "idp/store/sqlite_store.hpp"

#include <fmt/chrono.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

namespace kommpass::idp::commands {
namespace {

constexpr std::size_t page = 1000;

std::string text_of(instant at) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(at));
}

boost::json::value parsed(const std::string& json) {
    boost::system::error_code no_json;
    auto value = boost::json::parse(json, no_json);
    return no_json ? boost::json::value() : value;
}

boost::json::object to_json(const store::session& one) {
    boost::json::object object;
    object["since"] = text_of(one.authenticated_at);
    object["last_used"] = text_of(one.last_used_at);
    object["until"] = text_of(one.expires_at);
    object["browser"] = one.user_agent;
    object["address"] = one.address;
    object["what_the_directory_said"] = parsed(one.identity_json);
    return object;
}

boost::json::object to_json(const store::token_family& one) {
    boost::json::object object;
    object["client"] = one.given.client.view();
    object["issued"] = text_of(one.issued_at);
    object["until"] = text_of(one.expires_at);
    object["revoked"] = one.revoked;
    object["what_the_directory_said"] = parsed(one.given.identity_json);
    return object;
}

boost::json::object to_json(const store::audit_record& one) {
    boost::json::object object;
    object["at"] = text_of(one.at);
    object["event"] = one.event;
    object["result"] = one.result;
    object["client"] = one.client.view();
    object["address"] = one.address;
    object["detail"] = parsed(one.detail_json);
    return object;
}

boost::json::object to_json(const store::consent& one) {
    boost::json::object object;
    object["client"] = one.client.view();
    object["given"] = text_of(one.given_at);
    object["scope"] = boost::json::array(one.scope.begin(), one.scope.end());
    return object;
}

// What the registry says of the person: roles given, ended and excepted.
boost::json::object rights_of(const policies::registry& all, const person_id& id) {
    const auto collect = [&](const auto& from) {
        boost::json::array list;
        for (const auto& [key, one] : from) {
            if (one.person == id) list.push_back(admin::to_json(one));
        }
        return list;
    };
    boost::json::object made;
    made["grants"] = collect(all.grants);
    made["withdrawals"] = collect(all.withdrawals);
    made["exceptions"] = collect(all.exceptions);
    return made;
}

template <class All>
boost::json::array list_of(const All& all) {
    boost::json::array list;
    for (const auto& one : all) list.push_back(to_json(one));
    return list;
}

// Every record that speaks of the person, read in pages.
result<boost::json::array, store::store_error> records_of(store::store& memory,
                                                          const person_id& person) {
    boost::json::array list;
    long long after = 0;
    for (bool more = true; more;) {
        const auto read = memory.read_now([&](store::transaction& t) {
            const auto all = t.audit().read(after, page);
            more = all.size() == page;
            for (const auto& one : all) {
                after = one.sequence;
                if (one.record.person == person) list.push_back(to_json(one.record));
            }
        });
        if (!read) return read.error();
    }
    return list;
}

// Grants, withdrawals and exceptions of the person go with a revision of their own. What earlier
// revisions say is a random id, which leads to nobody any more.
result<void, std::string> erase_rights(store::store& memory, const person_id& id,
                                       const std::string& reason) {
    auto current = service::load_current(memory);
    if (!current) return current.error();
    auto documents = current->documents;
    const auto erase = [&](auto& from) {
        return std::erase_if(from, [&](const auto& one) { return one.second.person == id; });
    };
    const auto gone =
        erase(documents.grants) + erase(documents.withdrawals) + erase(documents.exceptions);
    if (gone == 0) return {};
    const auto number =
        service::append_revision(memory, {std::move(documents), current->revision,
                                          "host:" + operator_name(), reason, system_clock().now()});
    if (!number) return number.error();
    return {};
}

}  // namespace

int privacy_export(const settings_file& file, const std::string& person) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    const person_id id(person);
    boost::json::object all;
    bool known = false;
    const auto read = memory->read_now([&](store::transaction& t) {
        const auto found = t.persons().find(id);
        known = found.has_value() || !t.audit().pseudonym_of(id).empty();
        if (!found) return;
        all["person"] = id.view();
        all["member"] = found->member.view();
        all["directory_id"] = found->directory.view();
        all["first_seen"] = text_of(found->first_seen);
        all["sessions"] = list_of(t.sessions().of_person(id));
        all["given_to_applications"] = list_of(t.families().of_person(id));
        all["consents"] = list_of(t.consents().of_person(id));
    });
    if (!read) return refuse("the store does not answer");
    if (!known) return refuse("there is no person " + person);
    const auto registry = service::load_current(*memory);
    if (!registry) return refuse(registry.error());
    all["roles"] = rights_of(registry->documents, id);
    auto records = records_of(*memory, id);
    if (!records) return refuse("the store does not answer");
    all["audit_log"] = std::move(*records);
    std::cout << boost::json::serialize(all) << '\n';
    return 0;
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
