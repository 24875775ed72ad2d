#include "idp/admin/client_registration.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/clients.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/overdue_registrations.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;
using policies::client_authentication;
using policies::grant_state;

constexpr std::string_view reason = "Dynamische Registrierung (RFC 7591)";
constexpr std::size_t id_bytes = 12;
constexpr std::size_t secret_bytes = 32;

// Who asks, as it stands in the registry: nobody can hold this as a person.
std::string registrar_of(const application_key& key) { return "registration:" + key.str(); }

actor actor_for(const policies::application& owner) {
    return actor::of_registration(registrar_of(owner.key), owner.operated_by);
}

bool uses_secret(const policies::client& one) {
    return one.authentication == client_authentication::client_secret_basic ||
           one.authentication == client_authentication::client_secret_post;
}

std::string token_for(const jose::key_ring& keys, const client_id& id) {
    return base64url::encode(keys.keyed_hash("registration access token", id.view()));
}

registry_change adding(const application_key& key, const policies::client& made) {
    registry_change change;
    change.why = reason;
    change.touches = touched(policies::document_kind::application, key.str());
    change.edit = [key, made](policies::registry& all) -> std::optional<refusal> {
        const auto owner = all.applications.find(key);
        if (owner == all.applications.end()) return no_such_thing();
        owner->second.clients.push_back(made);
        return std::nullopt;
    };
    return change;
}

// True the first time; an error if the store is silent.
awaitable<answer<bool>> use_up(operation_context& at, const one_time_code& code) {
    auto work = [&](store::transaction& t) {
        return t.replays().first_use(client_registration.name, code.id, code.expires_at);
    };
    const auto first = co_await at.memory.write(work);
    if (!first) co_return store_silent();
    co_return *first;
}

using overdue = std::function<bool(const application_key&, const policies::client&)>;

// Asked for on an earlier day than the wait allows, and never since.
overdue overdue_now(const operation_context& at) {
    const auto last = local_day_of(at.time.now() - at.settings.registration_wait);
    return [last](const application_key& key, const policies::client& one) {
        return one.state == grant_state::requested && one.asked_by == registrar_of(key) &&
               one.asked_on && *one.asked_on < last;
    };
}

store::audit_record dropped_record(const operation_context& at, const actor& who,
                                   const application_key& key, const client_id& id) {
    auto record = record_of(at, who.id(), audit::event::client_secret_changed,
                            "registration_dropped", {{"application", key.view()}});
    record.client = id;
    return record;
}

}  // namespace

awaitable<answer<initial_access_token>> issue_initial_access_token(operation_context& at,
                                                                   const actor& who,
                                                                   application_key key,
                                                                   std::string why) {
    const auto registry = at.registry.get();
    if (!who.may_everywhere(operation::change_application)) co_return forbidden("association_only");
    if (registry->find_application(key) == nullptr) co_return no_such_thing();
    if (why.empty()) co_return invalid("why", "reason_missing");
    const one_time_code code{at.random.token(16), key.str(),
                             at.time.now() + client_registration.link};
    auto record = record_of(at, who.id(), audit::event::client_secret_changed,
                            "initial_access_token", {{"application", key.view()}, {"why", why}});
    record.person = who.person();
    record.member = who.member();
    auto write = [&](store::transaction& t) { t.audit().append(record); };
    const auto written = co_await at.memory.write(write);
    if (!written) co_return store_silent();
    co_return initial_access_token{seal_code(*at.keys.get(), client_registration, code),
                                   code.expires_at};
}

std::optional<registration_right> read_initial_access_token(operation_context& at,
                                                            std::string_view token) {
    auto code = open_code(*at.keys.get(), client_registration, token, at.time.now());
    if (!code) return std::nullopt;
    application_key key(code->about);
    if (at.registry.get()->find_application(key) == nullptr) return std::nullopt;
    return registration_right{std::move(*code), std::move(key)};
}

awaitable<answer<registered_client>> register_client(operation_context& at,
                                                     const registration_right& right,
                                                     policies::client wanted) {
    const auto registry = at.registry.get();
    const auto* owner = registry->find_application(right.application);
    if (owner == nullptr) co_return no_such_thing();
    const auto who = actor_for(*owner);
    registered_client made{std::move(wanted), right.application, {}, {}};
    // A '.' and a digit keep it apart from persons' ids, subjects and login names (RFC 9700, 4.15).
    made.client.id = client_id(right.application.str() + ".r1" + at.random.token(id_bytes));
    made.client.state = grant_state::requested;
    made.client.asked_by = who.id();
    made.client.asked_on = at.today();
    if (uses_secret(made.client)) {
        made.secret = at.random.token(secret_bytes);
        made.client.secret_sha256 = {jose::sha256_hex(made.secret)};
    }
    // Tried first, so that a mistake does not cost the operator their token.
    auto trial = adding(made.application, made.client);
    const auto draft = co_await draft_registry(at, who, std::move(trial));
    if (!draft) co_return draft.error();
    const auto first = co_await use_up(at, right.code);
    if (!first) co_return first.error();
    if (!*first) co_return forbidden("token_used");
    auto change = adding(made.application, made.client);
    const auto revision = co_await revision_of(at, who, std::move(change));
    if (!revision) co_return revision.error();
    made.registration_token = token_for(*at.keys.get(), made.client.id);
    co_return made;
}

std::optional<registered_client> find_registered(const operation_context& at, const client_id& id,
                                                 std::string_view token) {
    const auto own = token_for(*at.keys.get(), id);
    if (!equal_in_constant_time(own, token)) return std::nullopt;
    const auto registry = at.registry.get();
    for (const auto& [key, application] : registry->documents().applications) {
        for (const auto& one : application.clients) {
            if (one.id == id && one.asked_by == registrar_of(key))
                return registered_client{one, key, {}, std::string(token)};
        }
    }
    return std::nullopt;
}

awaitable<answer<registered_client>> replace_registered(operation_context& at,
                                                        const registered_client& known,
                                                        policies::client wanted) {
    const auto registry = at.registry.get();
    const auto* owner = registry->find_application(known.application);
    if (owner == nullptr) co_return no_such_thing();
    const auto who = actor_for(*owner);
    wanted.id = known.client.id;
    // What nobody says of themselves: the association's to decide.
    wanted.audiences = known.client.audiences;
    wanted.sector = known.client.sector;
    wanted.require_pkce = known.client.require_pkce;
    wanted.consent = known.client.consent;
    wanted.claims_in_id_token = known.client.claims_in_id_token;
    wanted.foreign_mail = known.client.foreign_mail;
    wanted.profile = known.client.profile;
    wanted.response_modes = known.client.response_modes;
    wanted.authorization_details_types = known.client.authorization_details_types;
    wanted.token_exchange_targets = known.client.token_exchange_targets;
    wanted.logout_token_typ = known.client.logout_token_typ;
    wanted.access_token_alg = known.client.access_token_alg;
    wanted.access_token_format = known.client.access_token_format;
    wanted.access_token_lifetime = known.client.access_token_lifetime;
    wanted.refresh_token_lifetime = known.client.refresh_token_lifetime;
    wanted.refresh_token_idle_time = known.client.refresh_token_idle_time;
    auto made = known;
    made.client = wanted;
    const std::optional<long long> newest;
    std::string why(reason);
    const auto revision =
        co_await put_client(at, who, known.application, std::move(wanted), std::move(why), newest);
    if (!revision) co_return revision.error();
    co_return made;
}

awaitable<answer<long long>> remove_registered(operation_context& at,
                                               const registered_client& known) {
    const auto registry = at.registry.get();
    const auto* owner = registry->find_application(known.application);
    if (owner == nullptr) co_return no_such_thing();
    const auto who = actor_for(*owner);
    shown_digest shown(version_of(known.application, known.client).digest);
    std::string why(reason);
    co_return co_await remove_client(at, who, known.application, known.client.id, std::move(why),
                                     std::move(shown));
}

awaitable<answer<std::size_t>> drop_overdue_registrations(operation_context& at) {
    std::size_t dropped = 0;
    if (at.settings.registration_wait.count() == 0) co_return dropped;
    const auto who = actor::of_host("host:registration");
    const auto is_overdue = overdue_now(at);
    const auto registry = at.registry.get();
    for (const auto& [key, application] : registry->documents().applications) {
        registry_change change;
        for (const auto& one : application.clients) {
            if (is_overdue(key, one))
                change.records.push_back(dropped_record(at, who, key, one.id));
        }
        const auto all = change.records.size();
        if (all == 0) continue;
        change.why = "Dynamische Registrierung: nicht rechtzeitig freigegeben";
        change.edit = [&, of = key](policies::registry& documents) -> std::optional<refusal> {
            const auto owner = documents.applications.find(of);
            if (owner == documents.applications.end()) return no_such_thing();
            const auto went = std::erase_if(owner->second.clients,
                                            [&](const auto& one) { return is_overdue(of, one); });
            // Approved, changed or removed meanwhile: the records would be wrong.
            return went == all ? std::nullopt : std::optional(invalid("client", "stale"));
        };
        change.looks_for_conflicts = false;  // nobody holds less or more by it
        const auto revision = co_await revision_of(at, who, std::move(change));
        if (!revision) co_return revision.error();
        dropped += all;
    }
    co_return dropped;
}

}  // namespace kommpass::idp::admin
