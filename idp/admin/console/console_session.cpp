#include "idp/admin/console/console_session.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/admin/break_glass.hpp"
#include "idp/audit/recording.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/hash.hpp"
#include "idp/login/browser.hpp"
#include "idp/login/single_sign_on.hpp"
#include "idp/oauth/form_request.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/observe/log.hpp"
#include "idp/web/console_page.hpp"

#include <boost/json/parse.hpp>

#include <charconv>

namespace kommpass::idp::admin::console {
namespace {

using boost::asio::awaitable;

constexpr std::string_view session_cookie = "__Host-kommpass-console";
constexpr std::string_view attempt_cookie = "__Host-kommpass-console-attempt";
constexpr std::string_view session_purpose = "console session";
constexpr std::string_view attempt_purpose = "console sign-in";
constexpr std::string_view client = "kommpass-console";
constexpr auto attempt_lifetime = std::chrono::minutes(60);

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (true) {
        const auto end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

std::optional<long long> number_of(const std::string& text) {
    long long number = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || std::from_chars(text.data(), end, number).ptr != end) return std::nullopt;
    return number;
}

// kind ("person" or "emergency"), session id or issuer, random, end in seconds, and whether a
// purpose has been stated
struct console_session {
    std::string kind;
    std::string reference;
    std::string random;
    instant expires_at{};
    bool has_purpose = false;
};

std::string seal(const jose::key_ring& keys, const console_session& one) {
    return keys.seal(session_purpose, one.kind + "\n" + one.reference + "\n" + one.random + "\n" +
                                          std::to_string(to_unix_seconds(one.expires_at)) + "\n" +
                                          (one.has_purpose ? "purpose" : "none"));
}

std::optional<console_session> session_of(const http::request& request, const jose::key_ring& keys,
                                          instant now) {
    const http::cookies sent(request);
    const auto sealed = sent.get(session_cookie);
    const auto plain = sealed ? keys.open(session_purpose, *sealed) : std::nullopt;
    if (!plain) return std::nullopt;
    const auto parts = lines_of(*plain);
    const auto end = parts.size() == 5 ? number_of(parts[3]) : std::nullopt;
    if (!end || from_unix_seconds(*end) <= now) return std::nullopt;
    return console_session{parts[0], parts[1], parts[2], from_unix_seconds(*end),
                           parts[4] == "purpose"};
}

std::string redirect_uri(const provider& p) { return p.settings.issuer + "/console/callback"; }

// Only ways into the console itself are come back to.
std::string safe_return(std::string_view path) {
    if (path == "/console" || path.starts_with("/console/")) return std::string(path);
    return "/console";
}

http::response to_authorization(provider& p, const http::request& request) {
    const auto state = p.random.token(16);
    const auto verifier = p.random.token(32);
    auto back = request.path;
    if (request.method != http::method::get) back = "/console";
    if (!request.query.empty() && request.method == http::method::get) back += "?" + request.query;
    const auto end = p.time.now() + attempt_lifetime;
    const auto sealed = p.keys.get()->seal(
        attempt_purpose, state + "\n" + verifier + "\n" + std::to_string(to_unix_seconds(end)) +
                             "\n" + safe_return(back));
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

http::response page(provider& p, const http::request& request, unsigned status,
                    web::error_page_reason reason) {
    return http::html(
        status, web::render(login::frame_for(p, request), web::error_page{reason, {}, {}, {}}));
}

// The `sid` of an ID token that the token endpoint has just given us.
std::string session_in(const jose::key_ring& keys, const std::string& token_answer) {
    boost::system::error_code wrong;
    const auto answer = boost::json::parse(token_answer, wrong);
    const auto* object = wrong ? nullptr : answer.if_object();
    const auto* token = object == nullptr ? nullptr : object->if_contains("id_token");
    if (token == nullptr || !token->is_string()) return {};
    const auto claims = keys.verify_own(token->get_string(), "JWT");
    if (!claims) return {};
    const auto parsed = boost::json::parse(*claims, wrong);
    const auto* inner = wrong ? nullptr : parsed.if_object();
    const auto* sid = inner == nullptr ? nullptr : inner->if_contains("sid");
    return sid != nullptr && sid->is_string() ? std::string(sid->get_string()) : std::string();
}

}  // namespace

awaitable<std::variant<visitor, http::response>> find_visitor(provider& p,
                                                              const http::request& request) {
    using found = std::variant<visitor, http::response>;
    const auto now = p.time.now();
    const auto keys = p.keys.get();
    const auto session = session_of(request, *keys, now);
    if (!session) co_return found(to_authorization(p, request));
    auto csrf = base64url::encode(keys->keyed_hash("console csrf", session->random));
    if (session->kind == "emergency") {
        co_return found(visitor{actor::of_host("break-glass:" + session->reference),
                                std::move(csrf), true, false});
    }
    const auto from = login::browser::of(request);
    const auto person = co_await login::find_signed_in(p, request, from);
    if (!person) co_return found(page(p, request, 503, web::error_page_reason::internal));
    if (!*person || (*person)->session.id != session->reference)
        co_return found(to_authorization(p, request));
    if (now - (*person)->session.last_used_at >= std::chrono::minutes(1)) {
        auto note = [&](store::transaction& t) { login::note_use(t, **person, now); };
        (void)co_await p.memory.write(note);
    }
    const auto registry = p.registry.get();
    const policies::evaluated_person evaluated{(*person)->who, (*person)->session.person,
                                               local_day_of(now)};
    actor who(*registry, evaluated);
    if (!who.has_any_right())
        co_return found(page(p, request, 403, web::error_page_reason::no_role));
    const bool needs_purpose = who.must_state_purpose() && !session->has_purpose;
    co_return found(visitor{std::move(who), std::move(csrf), false, needs_purpose});
}

http::response with_purpose(provider& p, const http::request& request, http::response answer) {
    const auto keys = p.keys.get();
    auto session = session_of(request, *keys, p.time.now());
    if (!session) return answer;
    session->has_purpose = true;
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(session_cookie, seal(*keys, *session)));
    return answer;
}

awaitable<http::response> console_callback(provider& p, const http::request& request) {
    const auto query = http::form::parse(request.query);
    const http::cookies sent(request);
    const auto sealed = sent.get(attempt_cookie);
    const auto keys = p.keys.get();
    const auto plain = sealed ? keys->open(attempt_purpose, *sealed) : std::nullopt;
    const auto parts = plain ? lines_of(*plain) : std::vector<std::string>();
    const auto end = parts.size() == 4 ? number_of(parts[2]) : std::nullopt;
    if (!query || !end || from_unix_seconds(*end) <= p.time.now())
        co_return page(p, request, 400, web::error_page_reason::page_expired);
    const auto state = query->get("state").value_or(std::string_view());
    const auto issuer = query->get("iss").value_or(std::string_view());
    const auto code = query->get("code");
    if (state != parts[0] || issuer != p.settings.issuer)
        co_return page(p, request, 400, web::error_page_reason::wrong_browser);
    if (!code) co_return page(p, request, 403, web::error_page_reason::no_role);

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
    const auto redeemed = co_await oauth::token_endpoint(p, redemption);
    const auto sid = redeemed.status == 200 ? session_in(*keys, redeemed.body) : std::string();
    if (sid.empty()) co_return page(p, request, 400, web::error_page_reason::page_expired);
    const console_session session{"person", sid, p.random.token(16),
                                  p.time.now() + p.settings.session.absolute, false};
    auto answer = http::see_other(safe_return(parts[3]));
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(session_cookie, seal(*keys, session)));
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(attempt_cookie, {}, std::chrono::seconds(0)));
    co_return answer;
}

awaitable<http::response> break_glass_endpoint(provider& p, const http::request& request) {
    const auto form = oauth::read_query_or_body(request);
    const auto text = form ? std::string(form->get("code").value_or(std::string_view())) : "";
    const auto keys = p.keys.get();
    const auto now = p.time.now();
    const auto code = open_emergency_code(text, *keys, now);
    if (!code) co_return page(p, request, 400, web::error_page_reason::page_expired);
    if (request.method != http::method::post)
        co_return http::html(200, web::render_break_glass(login::frame_for(p, request), text));

    const auto record = [&](std::string_view result) {
        auto made = audit::record_of(p, request, audit::event::break_glass_used, result);
        made.detail_json = audit::detail({{"issued_by", code->issued_by}});
        return made;
    };
    const auto used = record("ok");
    const auto refused = record("used_before");
    auto work = [&](store::transaction& t) {
        const bool first = t.replays().first_use("break-glass", code->id, code->expires_at);
        t.audit().append(first ? used : refused);
        return first;
    };
    const auto first = co_await p.memory.write(work);
    if (!first) co_return page(p, request, 503, web::error_page_reason::internal);
    p.log.error(*first ? "break_glass.used" : "break_glass.refused",
                {{"issued_by", code->issued_by},
                 {"address", request.peer.to_string()},
                 {"request", request.id}});
    if (!*first) co_return page(p, request, 400, web::error_page_reason::page_expired);
    const console_session session{"emergency", code->issued_by, p.random.token(16),
                                  now + emergency_session_lifetime, false};
    auto answer = http::see_other("/console");
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(session_cookie, seal(*keys, session)));
    co_return answer;
}

}  // namespace kommpass::idp::admin::console
