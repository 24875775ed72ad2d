#include "idp/gateway/host_endpoint.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/gateway/asked_request.hpp"
#include "idp/gateway/gatekeeper.hpp"
#include "idp/gateway/host_addresses.hpp"
#include "idp/gateway/tickets.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::gateway {
namespace {

using boost::asio::awaitable;

// Who has just signed in and shows no cookie would do so again and again: it is said in place of
// going round.
constexpr auto goes_round_within = std::chrono::seconds(5);
constexpr int most_tries = 1;
constexpr auto browser_is_kept_for = std::chrono::hours(24 * 30);

std::optional<host_browser> browser_of(const http::request& request, const jose::key_ring& keys) {
    const http::cookies sent(request);
    const auto sealed = sent.get(browser_cookie);
    return sealed ? host_browser::open(keys, *sealed) : std::nullopt;
}

bool has_session(const http::request& request, const jose::key_ring& keys, instant now) {
    const http::cookies sent(request);
    const auto sealed = sent.get(session_cookie);
    return sealed && host_session::open(keys, *sealed, now);
}

void keep(http::response& answer, std::string_view name, std::string_view value,
          std::optional<std::chrono::seconds> age = std::nullopt) {
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(name, value, age));
}

// Codes and ways stand in addresses: no page beyond learns them.
http::response onward(std::string address) {
    auto answer = http::see_other(std::move(address));
    answer.kind = http::answer_kind::page;
    return answer;
}

// Without our styles, which are not at this host.
http::response plain(unsigned status, std::string_view words) {
    http::response answer;
    answer.status = status;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = std::to_string(status) + " " + std::string(words) + "\n";
    return answer;
}

// The request for what stands in `to`, as the proxy would have asked for it.
asked_request wanted_at(const asked_host& at, const std::string& to) {
    return {at, to, read_path(to), "GET"};
}

}  // namespace

http::response host_endpoint::goes_round() const {
    return onward(parts_.settings.issuer + std::string(cookies_missing_address));
}

awaitable<http::response> host_endpoint::start(const http::request& request, const asked_host& at) {
    const auto query = http::form::parse(request.query);
    const auto to = safe_return(query ? query->get("to").value_or("/") : std::string_view("/"));
    const auto now = parts_.time.now();
    const auto keys = parts_.keys.get();
    // Another tab may have signed in meanwhile.
    const auto asked = wanted_at(at, to);
    auto registry = parts_.registry.get();
    const auto decided = co_await gate_.judge(request, asked, registry);
    if (decided.what == outcome::verdict::unavailable)
        co_return plain(503, "the service is not available for the moment");
    if (decided.what == outcome::verdict::let_through) co_return onward(address_at(at.host, to));
    auto browser = browser_of(request, *keys);
    if (browser && now < browser->signed_in_at + goes_round_within &&
        !has_session(request, *keys, now))
        co_return goes_round();
    way_in way{at.host, to, {}, query && query->get("again") ? most_tries : 0, now};
    const bool is_new = !browser;
    if (is_new) browser = host_browser{parts_.random.token(16), instant{}};
    way.browser = browser->hash();
    auto answer = onward(http::with_query(parts_.settings.issuer + std::string(sign_in_path),
                                          {{"way", way.seal(*keys)}}));
    if (is_new) keep(answer, browser_cookie, browser->seal(*keys), browser_is_kept_for);
    co_return answer;
}

awaitable<host_endpoint::use> host_endpoint::use_up(const way_back& way) {
    const auto now = parts_.time.now();
    const auto remembered = now + way_back::lifetime + std::chrono::hours(1);
    const host_session given{way.began.host, way.application, way.session, way.id, {}};
    bool first = false;
    auto work = [&](store::transaction& t) {
        first = t.replays().first_use("gateway code", way.id, remembered);
        // Somebody has the code who should not: what it gave ends.
        if (!first)
            t.families().revoke_access_token(given.ended_as(),
                                             now + parts_.settings.session.absolute);
    };
    const auto done = co_await parts_.memory.write(work);
    if (!done) co_return use::unavailable;
    const bool is_over = way.expires_at <= now;
    co_return first && !is_over ? use::first : use::again;
}

awaitable<http::response> host_endpoint::take_code(const http::request& request,
                                                   const asked_host& at) {
    const auto query = http::form::parse(request.query);
    const auto keys = parts_.keys.get();
    const auto code = query ? query->get("code") : std::nullopt;
    const auto way = code ? way_back::open(*keys, *code) : std::nullopt;
    if (!way) co_return onward(start_address(at.host, "/"));
    // Before anything else: whoever shows a code, nobody shows it again.
    const auto used = co_await use_up(*way);
    if (used == use::unavailable)
        co_return plain(503, "the service is not available for the moment");
    const auto browser = browser_of(request, *keys);
    const bool is_here = way->began.host == at.host && way->application == at.application->key;
    const bool is_this_browser =
        browser && equal_in_constant_time(browser->hash(), way->began.browser);
    if (!is_here) co_return onward(start_address(at.host, "/"));
    if (used == use::again || !is_this_browser) {
        // Cookies that are not kept would lead round and round.
        if (way->began.tries >= most_tries) co_return goes_round();
        co_return onward(start_address(at.host, way->began.to) + "&again=1");
    }
    const auto now = parts_.time.now();
    const host_session session{at.host, way->application, way->session, way->id,
                               now + parts_.settings.session.absolute};
    auto answer = onward(address_at(at.host, safe_return(way->began.to)));
    keep(answer, session_cookie, session.seal(*keys));
    keep(answer, browser_cookie, host_browser{browser->random, now}.seal(*keys),
         browser_is_kept_for);
    co_return answer;
}

awaitable<http::response> host_endpoint::sign_out(const http::request& request,
                                                  const asked_host& at) {
    // A link on somebody else's page signs nobody out.
    if (request.header("sec-fetch-site") == "cross-site")
        co_return plain(403, "only a page of this host signs out here");
    const http::cookies sent(request);
    const auto sealed = sent.get(session_cookie);
    const auto now = parts_.time.now();
    const auto session =
        sealed ? host_session::open(*parts_.keys.get(), *sealed, now) : std::nullopt;
    if (session && session->host == at.host) {
        auto work = [&](store::transaction& t) {
            t.families().revoke_access_token(session->ended_as(), session->expires_at);
        };
        const auto done = co_await parts_.memory.write(work);
        if (!done) co_return plain(503, "the service is not available for the moment");
        gate_.forget(*sealed);
    }
    auto answer = onward(parts_.settings.issuer + "/end-session");
    keep(answer, session_cookie, {}, std::chrono::seconds(0));
    // Who signs in again at once does not go round.
    if (const auto browser = browser_of(request, *parts_.keys.get()))
        keep(answer, browser_cookie, host_browser{browser->random, {}}.seal(*parts_.keys.get()),
             browser_is_kept_for);
    co_return answer;
}

awaitable<http::response> host_endpoint::operator()(const http::request& request) {
    const auto registry = parts_.registry.get();
    const auto at = read_asked_host(request, *registry);
    if (!at) co_return plain(404, at.error());
    if (request.path == sign_out_path) co_return co_await sign_out(request, *at);
    if (request.path == callback_path) co_return co_await take_code(request, *at);
    if (request.path == start_path) co_return co_await start(request, *at);
    co_return plain(404, "nothing is here");
}

}  // namespace kommpass::idp::gateway
