#include "idp/admin/personal_data.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/consents.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

#include <fmt/chrono.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t bite = 1000;

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
    object["claims"] = boost::json::array(one.claims.begin(), one.claims.end());
    return object;
}

// What the registry says of the person: roles given, ended and excepted.
boost::json::object rights_of(const policies::registry& all, const person_id& id,
                              const member_slug& member) {
    const auto concerns = [&](const auto& one) {
        if (one.member != member) return false;
        if constexpr (requires { one.deputy_of; }) return one.person == id || one.deputy_of == id;
        return one.person == id;
    };
    const auto collect = [&](const auto& from) {
        boost::json::array list;
        for (const auto& [key, one] : from) {
            if (concerns(one)) list.push_back(admin::to_json(one));
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

// Every record that speaks of the person, of their own member: what others wrote is not shown here.
awaitable<answer<boost::json::array>> records_of(operation_context& at, person_id person,
                                                 member_slug member) {
    boost::json::array list;
    long long after = 0;
    for (bool more = true; more;) {
        auto read = [after](store::transaction& t) { return t.audit().read(after, bite); };
        const auto records = co_await at.memory.read(read);
        if (!records) co_return store_silent();
        more = records->size() == bite;
        for (const auto& one : *records) {
            after = one.sequence;
            const bool own = one.record.member.empty() || one.record.member == member;
            if (one.record.person == person && own) list.push_back(to_json(one.record));
        }
    }
    co_return list;
}

// What the store keeps beside the audit log.
boost::json::object kept_of(store::transaction& t, const store::person& person) {
    boost::json::object all;
    all["person"] = person.id.view();
    all["member"] = person.member.view();
    all["directory_id"] = person.directory.view();
    all["first_seen"] = text_of(person.first_seen);
    all["sessions"] = list_of(t.sessions().of_person(person.id));
    all["given_to_applications"] = list_of(t.families().of_person(person.id));
    all["consents"] = list_of(t.consents().of_person(person.id));
    return all;
}

}  // namespace

awaitable<answer<boost::json::object>> personal_data(operation_context& at, const actor& who,
                                                     person_id id) {
    struct found {
        std::optional<store::person> person;
        boost::json::object kept;
    };
    auto read = [&id](store::transaction& t) {
        found made{t.persons().find(id), {}};
        if (made.person) made.kept = kept_of(t, *made.person);
        return made;
    };
    auto held = co_await at.memory.read(read);
    if (!held) co_return store_silent();
    if (!held->person) co_return no_such_thing();
    const auto& member = held->person->member;
    if (!who.may(operation::export_person, member)) co_return no_such_thing();
    auto record =
        record_of(at, who.id(), audit::event::audit_exported, "ok", {{"what", "personal data"}});
    record.member = member;
    record.person = id;
    auto note = [&record](store::transaction& t) { t.audit().append(record); };
    const auto noted = co_await at.memory.write(note);
    if (!noted) co_return store_silent();
    auto all = std::move(held->kept);
    const auto registry = at.registry.get();
    all["roles"] = rights_of(registry->documents(), id, member);
    auto records = co_await records_of(at, id, member);
    if (!records) co_return records.error();
    all["audit_log"] = std::move(*records);
    co_return all;
}

}  // namespace kommpass::idp::admin
