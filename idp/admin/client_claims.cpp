#include "idp/admin/client_claims.hpp"

#include "config/settings.hpp"
#include "directory/sign_in.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/subject.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

boost::json::object payload_of(const jose::key_ring& keys, const std::string& jws,
                               std::string_view type) {
    const auto payload = keys.verify_own(jws, type);
    return payload ? boost::json::parse(*payload).as_object() : boost::json::object();
}

struct looked_up {
    store::person person;
    identity who;
};

// Only of whom the actor may see a directory is asked at all.
awaitable<answer<looked_up>> look_up(operation_context& at, const actor& who, person_id id) {
    auto find = [id](store::transaction& t) { return t.persons().find(id); };
    auto person = co_await at.memory.read(find);
    if (!person) co_return store_silent();
    if (!*person) co_return no_such_thing();
    if (id != who.person() && !who.may(operation::see_person, (*person)->member))
        co_return no_such_thing();
    if (at.registry.get()->find_active_member((*person)->member) == nullptr)
        co_return invalid("member", "not_set_up");
    auto found = co_await at.directories.look_up((*person)->member, (*person)->directory,
                                                 directory::member_directories::freshness::cached);
    if (!found)
        co_return refusal{
            refusal::reason::unavailable, "directory_unavailable", {}, {(*person)->member.str()}};
    co_return looked_up{std::move(**person), std::move(*found)};
}

const policies::client* client_of(const policies::application& owner, const client_id& id) {
    const auto found = std::find_if(owner.clients.begin(), owner.clients.end(),
                                    [&](const policies::client& one) { return one.id == id; });
    return found == owner.clients.end() ? nullptr : &*found;
}

}  // namespace

awaitable<answer<boost::json::object>> client_claims(operation_context& at, const actor& who,
                                                     application_key key, client_id id,
                                                     person_id person) {
    const auto registry = at.registry.get();
    const auto* owner = registry->find_application(key);
    if (owner == nullptr || !may_change_clients(who, *owner)) co_return no_such_thing();
    const auto* client = client_of(*owner, id);
    if (client == nullptr) co_return no_such_thing();
    if (person.empty()) person = who.person();
    if (person.empty()) co_return invalid("person", "unknown_person");
    auto found = co_await look_up(at, who, person);
    if (!found) co_return found.error();

    const auto decision = registry->decide({found->who, person, at.today()}, *owner);
    boost::json::object made;
    made["verdict"] = name_of(decision.verdict);
    boost::json::array roles;
    for (const auto& one : decision.roles) roles.emplace_back(one.name.view());
    made["roles"] = std::move(roles);
    if (decision.verdict != policies::access::granted) co_return made;

    store::authorization given;
    given.family = "preview";
    given.client = client->id;
    given.person = person;
    given.member = found->person.member;
    given.scope = client->scopes;
    given.session = "preview";
    given.authenticated_at = at.time.now();
    given.amr = {std::string(sessions::password_factor.amr)};
    given.acr = std::string(sessions::acr_of(given.amr));
    const auto keys = at.keys.get();
    const oauth::key_confirmation bearer;
    const oauth::token_subject subject{
        given,          found->who, decision, *client, *owner, registry->find_member(given.member),
        client->scopes, bearer};
    oauth::token_maker maker(at.settings.issuer, *keys, at.random, at.time.now());
    const auto access_token = maker.access_token(subject);
    made["id_token"] = payload_of(*keys, maker.id_token(subject, "nonce", access_token), "JWT");
    made["access_token"] = payload_of(*keys, access_token, "at+jwt");
    boost::json::object userinfo;
    userinfo["sub"] = oauth::subject_for(*client, *owner, person, *keys);
    const oauth::claim_source source{found->who, subject.member, client->foreign_mail};
    oauth::add_profile_claims(userinfo, source, *client, client->scopes, {});
    oauth::add_role_claims(userinfo, *owner, *client, decision.roles, found->who.member);
    made["userinfo"] = std::move(userinfo);
    co_return made;
}

}  // namespace kommpass::idp::admin
