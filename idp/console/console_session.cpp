#include "idp/console/console_session.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/admin/one_time_code.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/console/console_endpoint.hpp"
#include "idp/console/form_again.hpp"
#include "idp/console/session_cookie.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/carried_fields.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "idp/web/console_page.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::console {
namespace {

using boost::asio::awaitable;

constexpr std::string_view attempt_cookie = "__Host-kommpass-console-attempt";
constexpr std::string_view attempt_purpose = "console sign-in";
constexpr std::string_view client = "kommpass-console";
constexpr auto attempt_lifetime = std::chrono::minutes(60);
// Of a form that was sent without a session: what a cookie has room for.
constexpr std::size_t most_kept = 2'500;

std::string redirect_uri(const console_parts& p) {
    return p.operations.settings.issuer + "/console/callback";
}

std::string csrf_for(const jose::key_ring& keys, const console_session& session) {
    return base64url::encode(keys.keyed_hash("console csrf", session.random));
}

// Only ways into the console itself are come back to.
std::string safe_return(std::string_view path) {
    if (path == "/console" || path.starts_with("/console/")) return std::string(path);
    return "/console";
}

// After the sign-in: where they wanted to go; to the page of a form that was sent without a
// session, with what was typed.
std::string after_sign_in(const jose::key_ring& keys, const console_session& session,
                          const std::string& back, const std::string& typed) {
    const auto form = http::form::parse(typed.empty() ? typed : typed.substr(1));
    if (typed.empty() || !form) return back;
    const auto csrf = csrf_for(keys, session);
    return sessions::address_carrying(back, with_reason(form->all(), signed_in_again()), keys, csrf)
        .value_or(back);
}

http::response to_authorization(const console_parts& p, const http::request& request) {
    const auto state = p.operations.random.token(16);
    const auto verifier = p.operations.random.token(32);
    auto back = request.path;
    if (request.method != http::method::get) back = "/console";
    if (!request.query.empty() && request.method == http::method::get) back += "?" + request.query;
    std::string typed;
    if (is_shown_again(request) && request.body.size() <= most_kept) {
        back = request.path;
        if (const auto form = http::form::parse(request.body))
            typed = http::with_query({}, typed_in(*form));
        if (typed.size() > most_kept) typed.clear();
    }
    const auto end = p.operations.time.now() + attempt_lifetime;
    const auto sealed = p.operations.keys.get()->seal(
        attempt_purpose, state + "\n" + verifier + "\n" + std::to_string(to_unix_seconds(end)) +
                             "\n" + safe_return(back) + "\n" + typed);
    auto answer = http::see_other(http::with_query(
        "/authorize", {{"response_type", "code"},
                       {"client_id", std::string(client)},
                       {"redirect_uri", redirect_uri(p)},
                       {"scope", "openid"},
                       {"state", state},
                       {"code_challenge", base64url::encode(jose::sha256(verifier))},
                       {"code_challenge_method", "S256"}}));
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(attempt_cookie, sealed));
    return answer;
}

}  // namespace

awaitable<std::variant<visitor, http::response>> find_visitor(const console_parts& p,
                                                              const http::request& request) {
    using found = std::variant<visitor, http::response>;
    const auto now = p.operations.time.now();
    const auto keys = p.operations.keys.get();
    const auto session = session_of(request, *keys, now);
    if (!session) co_return found(to_authorization(p, request));
    auto csrf = csrf_for(*keys, *session);
    if (session->kind == emergency.name) {
        auto who = actor::of_host("break-glass:" + session->reference);
        co_return found(visitor{std::move(who), std::move(csrf), true, false});
    }
    if (session->kind == invitation.name) {
        auto who = actor::of_invitation("invitation:" + session->reference,
                                        member_slug(session->reference));
        co_return found(visitor{std::move(who), std::move(csrf), false, false});
    }
    const auto from = sessions::browser::of(request);
    const auto person = co_await p.sso.find(request, from);
    if (!person)
        co_return found(sessions::error_answer(p.operations.settings, request, 503,
                                               web::error_page_reason::internal));
    if (!*person || (*person)->session.id != session->reference)
        co_return found(to_authorization(p, request));
    if (now - (*person)->session.last_used_at >= std::chrono::minutes(1)) {
        auto note = [&](store::transaction& t) { sessions::note_use(t, **person, now); };
        (void)co_await p.operations.memory.write(note);
    }
    const auto registry = p.operations.registry.get();
    const policies::evaluated_person evaluated{(*person)->who, (*person)->session.person,
                                               local_day_of(now)};
    actor who(*registry, evaluated);
    if (!who.has_any_right())
        co_return found(sessions::error_answer(p.operations.settings, request, 403,
                                               web::error_page_reason::no_role));
    const bool needs_purpose = who.must_state_purpose() && !session->has_purpose;
    co_return found(visitor{std::move(who), std::move(csrf), false, needs_purpose});
}

http::response with_purpose(const console_parts& p, const http::request& request,
                            http::response answer) {
    const auto keys = p.operations.keys.get();
    auto session = session_of(request, *keys, p.operations.time.now());
    if (!session) return answer;
    session->has_purpose = true;
    set_session_cookie(answer, *keys, *session);
    return answer;
}

awaitable<http::response> console_callback(const console_parts& p, const http::request& request) {
    const auto query = http::form::parse(request.query);
    const http::cookies sent(request);
    const auto sealed = sent.get(attempt_cookie);
    const auto keys = p.operations.keys.get();
    const auto plain = sealed ? keys->open(attempt_purpose, *sealed) : std::nullopt;
    const auto parts = plain ? lines_of(*plain) : std::vector<std::string>();
    const auto end = parts.size() == 5 ? number_of(parts[2]) : std::nullopt;
    // Nobody asked for it here, or another tab did since: nothing of it counts, and the way in
    // begins anew.
    if (!query || !end || from_unix_seconds(*end) <= p.operations.time.now())
        co_return http::see_other("/console");
    const auto state = query->get("state").value_or(std::string_view());
    const auto issuer = query->get("iss").value_or(std::string_view());
    const auto code = query->get("code");
    if (state != parts[0] || issuer != p.operations.settings.issuer)
        co_return http::see_other("/console");
    if (query->get("error") == "access_denied")  // the person left the sign-in
        co_return sessions::error_answer(p.operations.settings, request, 400,
                                         web::error_page_reason::page_expired);
    if (!code)
        co_return sessions::error_answer(p.operations.settings, request, 403,
                                         web::error_page_reason::no_role);

    http::request redemption;
    redemption.method = http::method::post;
    redemption.path = "/token";
    redemption.peer = request.peer;
    redemption.id = request.id;
    redemption.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    redemption.body = http::with_query("", {{"grant_type", "authorization_code"},
                                            {"code", std::string(*code)},
                                            {"redirect_uri", redirect_uri(p)},
                                            {"client_id", std::string(client)},
                                            {"code_verifier", parts[1]}})
                          .substr(1);
    const auto redeemed = co_await p.token_endpoint(redemption);
    // The code is good, and the session that it was given under is this browser's own.
    const auto from = sessions::browser::of(request);
    const auto person = co_await p.sso.find(request, from);
    if (redeemed.status != 200 || !person || !*person)
        co_return sessions::error_answer(p.operations.settings, request, 400,
                                         web::error_page_reason::page_expired);
    const console_session session{"person", (*person)->session.id, p.operations.random.token(16),
                                  p.operations.time.now() + p.operations.settings.session.absolute,
                                  false};
    auto answer = http::see_other(after_sign_in(*keys, session, safe_return(parts[3]), parts[4]));
    set_session_cookie(answer, *keys, session);
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(attempt_cookie, {}, std::chrono::seconds(0)));
    co_return answer;
}

}  // namespace kommpass::idp::console
