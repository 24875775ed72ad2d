#include "idp/admin/persons.hpp"
#include "idp/admin/person_view.hpp"
#include "idp/admin/role_holders.hpp"

#include "config/vocabulary/utf8.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/end_of_access.hpp"
#include "idp/sessions/person_ids.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <algorithm>
#include <unordered_map>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using directory::look_up_error;

bool is_gone(const directory::look_up_failure& why) {
    return why.error == look_up_error::no_such_person || why.error == look_up_error::disabled;
}

refusal directory_silent(const member_slug& member) {
    return {refusal::reason::unavailable, "directory_unavailable", {}, {member.str()}};
}

awaitable<answer<store::person>> allowed_person(operation_context& at, const actor& who,
                                                operation what, person_id id) {
    auto find = [id](store::transaction& t) { return t.persons().find(id); };
    auto found = co_await at.memory.read(find);
    if (!found) co_return store_silent();
    if (!*found) co_return no_such_thing();
    if (!who.may(what, (*found)->member)) co_return no_such_thing();
    co_return std::move(**found);
}

}  // namespace

awaitable<answer<store::person>> find_person(operation_context& at, const actor& who,
                                             member_slug member, std::string user_name) {
    const auto registry = at.registry.get();
    if (registry->find_member(member) == nullptr) co_return no_such_thing();
    if (!who.may(operation::see_person, member)) co_return no_such_thing();
    if (registry->find_active_member(member) == nullptr) co_return invalid("member", "not_set_up");
    co_return co_await find_colleague(at, std::move(member), std::move(user_name));
}

awaitable<answer<store::person>> find_colleague(operation_context& at, member_slug member,
                                                std::string user_name) {
    if (user_name.empty()) co_return invalid("user_name", "name_missing");
    if (utf8_length(user_name) > 256) co_return invalid("user_name", "name_too_long");
    auto found = co_await at.directories.look_up_by_name(member, user_name);
    if (!found) {
        if (is_gone(found.error())) co_return invalid("user_name", "unknown_person");
        co_return directory_silent(member);
    }
    const auto keys = at.keys.get();
    const auto now = at.time.now();
    auto ensure = [&](store::transaction& t) {
        return sessions::person_of_entry(t, *keys, member, found->id, now);
    };
    auto person = co_await at.memory.write(ensure);
    if (!person) co_return store_silent();
    co_return std::move(*person);
}

awaitable<answer<person_view>> view_person(operation_context& at, const actor& who, person_id id) {
    auto person = co_await allowed_person(at, who, operation::see_person, id);
    if (!person) co_return person.error();
    person_view view;
    view.person = std::move(*person);
    view.registry = at.registry.get();
    const auto& member = view.person.member;
    if (view.registry->find_active_member(member) != nullptr) {
        auto found = co_await at.directories.look_up(
            member, view.person.directory, directory::member_directories::freshness::fresh);
        if (found) {
            view.who = std::move(*found);
            view.roles = view.registry->evaluate({*view.who, id, at.today()});
        } else {
            view.gone = is_gone(found.error());
        }
    }
    const auto& documents = view.registry->documents();
    const auto collect = [&](const auto& all, auto& into) {
        for (const auto& [key, one] : all) {
            if (one.person == id && one.member == member) into.push_back(one);
        }
    };
    collect(documents.grants, view.grants);
    collect(documents.withdrawals, view.withdrawals);
    collect(documents.exceptions, view.exceptions);
    if (!who.may(operation::see_sessions, member)) co_return view;
    const auto now = at.time.now();
    auto read = [&](store::transaction& t) {
        std::vector<open_session> open;
        for (const auto& one : t.sessions().of_person(id)) {
            if (one.expires_at > now)
                open.push_back(
                    {one.id, one.authenticated_at, one.last_used_at, one.expires_at, one.acr});
        }
        return open;
    };
    auto sessions = co_await at.memory.read(read);
    if (!sessions) co_return store_silent();
    view.sessions = std::move(*sessions);
    co_return view;
}

awaitable<answer<std::size_t>> end_sessions(operation_context& at, const actor& who, person_id id,
                                            std::string why) {
    if (why.empty()) co_return invalid("reason", "reason_missing");
    const auto person = co_await allowed_person(at, who, operation::end_sessions, id);
    if (!person) co_return person.error();
    const auto record = record_of(at, who.id(), audit::event::session_ended_all, "by_administrator",
                                  {{"why", why}});
    auto end = [&](store::transaction& t) {
        return sessions::end_all_access(t, id, person->member, record);
    };
    auto ended = co_await at.memory.write(end);
    if (!ended) co_return store_silent();
    co_return *ended;
}

awaitable<std::vector<person_name>> names_of(operation_context& at, std::vector<std::string> ids) {
    std::vector<person_name> names;
    std::unordered_map<std::string, person_name> known;
    const auto registry = at.registry.get();
    for (const auto& id : ids) {
        const auto seen = known.find(id);
        if (seen != known.end()) {
            names.push_back(seen->second);
            continue;
        }
        person_name one{id, {}, {}};
        auto find = [&id](store::transaction& t) { return t.persons().find(person_id(id)); };
        const auto person = co_await at.memory.read(find);
        if (person && *person) {
            one.member = (*person)->member;
            // A name is not worth waiting for a directory that does not answer.
            if (registry->find_active_member(one.member) != nullptr &&
                at.directories.silent_for(one.member).count() == 0) {
                const auto who = co_await at.directories.look_up(
                    one.member, (*person)->directory,
                    directory::member_directories::freshness::cached);
                if (who) {
                    one.display_name =
                        who->display_name.empty() ? who->login_name : who->display_name;
                    one.login_name = who->login_name;
                }
            }
        }
        known.emplace(id, one);
        names.push_back(std::move(one));
    }
    co_return names;
}

awaitable<answer<role_holders_found>> role_holders(operation_context& at, const actor& who,
                                                   member_slug member, progress told) {
    const auto registry = at.registry.get();
    if (registry->find_member(member) == nullptr) co_return no_such_thing();
    if (!who.may(operation::see_roles, member)) co_return no_such_thing();
    if (registry->find_active_member(member) == nullptr) co_return invalid("member", "not_set_up");
    role_holders_found made;
    auto& holders = made.holders;
    policies::parsed_groups parsed;
    std::size_t seen = 0;
    take_person take = [&](const identity& one, const person_id& id, std::size_t of) {
        auto roles = registry->evaluate({one, id, at.today()}, &parsed);
        if (!roles.roles.empty() || !roles.conflicts.empty())
            holders.push_back({id, one.login_name, one.display_name, std::move(roles)});
        return told(++seen, of);
    };
    auto came = co_await read_who_comes(at, member, std::move(take));
    if (!came) co_return came.error();
    made.came = std::move(*came);
    std::sort(holders.begin(), holders.end(), [](const auto& a, const auto& b) {
        return std::tie(a.display_name, a.login_name) < std::tie(b.display_name, b.login_name);
    });
    co_return made;
}

}  // namespace kommpass::idp::admin
