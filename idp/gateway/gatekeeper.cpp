#include "idp/gateway/gatekeeper.hpp"

#include "config/settings.hpp"
#include "idp/gateway/asked_request.hpp"
#include "idp/gateway/judgement.hpp"
#include "idp/gateway/path_rules.hpp"
#include "idp/gateway/tickets.hpp"
#include "idp/http/bearer_token.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/live_tokens.hpp"
#include "idp/sessions/current_identity.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/authorizations.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

#include <utility>

namespace kommpass::idp::gateway {
namespace {

using boost::asio::awaitable;
using verdict = outcome::verdict;

// A better sign-in helps; anything else that is missing does not come by signing in.
verdict verdict_for(policies::access decided) {
    switch (decided) {
        case policies::access::granted:
            return verdict::let_through;
        case policies::access::weak_sign_in:
        case policies::access::old_sign_in:
            return verdict::sign_in;
        default:
            return verdict::refused;
    }
}

}  // namespace

// Who somebody has shown to be, and how they signed in.
struct gatekeeper::proof {
    const identity& who;
    const person_id& person;
    const std::string& acr;
    instant authenticated_at;
    instant expires_at;
};

known_person_ptr gatekeeper::known(const http::request& request, const asked_request& asked,
                                   policies::snapshot_ptr registry, const proof& shown) const {
    const auto now = parts_.time.now();
    known_person person;
    person.host = asked.at.host;
    person.address = request.peer.to_string();
    person.acr = shown.acr;
    person.expires_at = shown.expires_at;
    person.looked_up_at = now;
    const policies::sign_in_circumstances how{
        person.acr, std::chrono::duration_cast<std::chrono::seconds>(now - shown.authenticated_at),
        person.address};
    person.whole =
        registry->decide({shown.who, shown.person, local_day_of(now)}, *asked.at.application, &how);
    const auto* member = registry->find_active_member(shown.who.member);
    if (member == nullptr) person.whole = {policies::access::not_subscribed, {}};
    if (person.whole.verdict == policies::access::granted) {
        const spoken_of of{shown.who, shown.person, *member, person.whole.roles, person.acr};
        person.headers = identity_headers(*asked.at.application, of, *parts_.keys.get(),
                                          parts_.settings.issuer, now);
    }
    person.registry = std::move(registry);
    return std::make_shared<const known_person>(std::move(person));
}

awaitable<gatekeeper::found> gatekeeper::look_up(const http::request& request,
                                                 const asked_request& asked,
                                                 policies::snapshot_ptr registry,
                                                 host_session cookie) {
    const auto now = parts_.time.now();
    std::optional<store::session> session;
    auto read = [&](store::transaction& t) {
        session.reset();
        if (t.families().access_token_revoked(cookie.ended_as())) return;
        session = t.sessions().find(cookie.session);
    };
    const auto done = co_await parts_.memory.read(read);
    if (!done) co_return trouble::unavailable;
    if (!session || sessions::is_over(*session, parts_.settings.session, now))
        co_return trouble::nobody;
    auto current = co_await parts_.identities.look_up(session->member, session->directory,
                                                      session->identity_json);
    if (!current.who) co_return trouble::nobody;
    if (sessions::is_use_due(*session, now)) {
        sessions::signed_in person;
        person.session = *session;
        person.who = *current.who;
        person.from_memory = current.from_memory;
        auto note = [&](store::transaction& t) { sessions::note_use(t, person, now); };
        const auto noted = co_await parts_.memory.write(note);
        if (!noted) co_return trouble::unavailable;
    }
    co_return known(request, asked, std::move(registry),
                    {*current.who, session->person, session->acr, session->authenticated_at,
                     cookie.expires_at});
}

awaitable<gatekeeper::found> gatekeeper::by_cookie(const http::request& request,
                                                   const asked_request& asked,
                                                   policies::snapshot_ptr registry) {
    const http::cookies sent(request);
    const auto sealed = sent.get(session_cookie);
    if (!sealed) co_return trouble::nobody;
    const auto now = parts_.time.now();
    const auto address = request.peer.to_string();
    if (auto person = known_.find(*sealed, asked.at.host, address, registry, now)) co_return person;
    auto cookie = host_session::open(*parts_.keys.get(), *sealed, now);
    // A cookie of one host is nothing at another, and nothing for another application there.
    if (!cookie || cookie->host != asked.at.host ||
        cookie->application != asked.at.application->key)
        co_return trouble::nobody;
    auto person = co_await look_up(request, asked, std::move(registry), *std::move(cookie));
    if (person) known_.remember(*sealed, *person, now);
    co_return person;
}

awaitable<gatekeeper::found> gatekeeper::by_token(const http::request& request,
                                                  const asked_request& asked,
                                                  policies::snapshot_ptr registry,
                                                  std::string_view text) {
    const auto token = co_await parts_.tokens.find(text);
    if (!token && token.error() == oauth::token_trouble::store_unavailable)
        co_return trouble::unavailable;
    if (!token || !token->family) co_return trouble::bad_token;
    const auto& claims = token->claims;
    const bool is_for_it = claims.is_for(asked.at.application->key.view()) ||
                           claims.is_for("https://" + asked.at.host);
    // Of a bound token the proxy's application would have to ask for the proof: it does not.
    if (!is_for_it || claims.all.contains("cnf")) co_return trouble::bad_token;
    const auto& given = token->family->given;
    const auto current =
        co_await parts_.identities.look_up(given.member, given.directory, given.identity_json);
    if (!current.who) co_return trouble::bad_token;
    co_return known(
        request, asked, std::move(registry),
        {*current.who, given.person, given.acr, given.authenticated_at, claims.expires_at});
}

awaitable<outcome> gatekeeper::judge(const http::request& request, const asked_request& asked,
                                     policies::snapshot_ptr registry) {
    const auto& application = *asked.at.application;
    const auto* rule =
        asked.path.ambiguous ? nullptr : rule_for(application.gateway, asked.path, asked.method);
    const bool passes_preflight = asked.is_preflight && application.gateway.pass_preflight;
    const bool is_open =
        (rule != nullptr && rule->open) || (passes_preflight && !asked.path.ambiguous);
    if (is_open) co_return outcome{verdict::let_through, empty_headers(application)};

    const auto authorization = request.header("authorization");
    const auto token = authorization ? http::parse_bearer_token(*authorization) : std::nullopt;
    const bool tries_token =
        authorization && (token || !http::credentials_of(*authorization, "bearer").empty());
    found person = trouble::nobody;
    if (token) person = co_await by_token(request, asked, registry, *token);
    // The application may use tokens of its own beside the session that is ours.
    if (!person && person.error() != trouble::unavailable)
        person = co_await by_cookie(request, asked, registry);
    if (!person && person.error() == trouble::unavailable)
        co_return outcome{verdict::unavailable, {}, "unavailable"};
    if (!person)
        co_return outcome{tries_token ? verdict::bad_token : verdict::sign_in,
                          {},
                          tries_token ? "invalid_token" : "sign_in_required"};
    if (asked.path.ambiguous) co_return outcome{verdict::refused, {}, "ambiguous_path"};
    const auto decided = gateway::judge((*person)->whole, rule, (*person)->acr);
    const auto what = verdict_for(decided);
    if (what != verdict::let_through) co_return outcome{what, {}, name_of(decided)};
    co_return outcome{what, (*person)->headers};
}

}  // namespace kommpass::idp::gateway
