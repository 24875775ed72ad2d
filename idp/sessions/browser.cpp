#include "idp/sessions/browser.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/response.hpp"
#include "idp/web/language.hpp"

namespace kommpass::idp::sessions {
namespace {

constexpr std::string_view browser_cookie = "__Host-kommpass-browser";
constexpr std::string_view session_cookie = "__Host-kommpass-session";
constexpr std::string_view language_cookie = "__Host-kommpass-language";
constexpr std::string_view member_cookie = "__Host-kommpass-member";

constexpr auto half_a_year = std::chrono::hours(24 * 180);
constexpr std::size_t longest_member = 127;

// A value of the form that `randomness::token(bytes)` gives; anything else is as good as no cookie.
std::string token_or_nothing(std::optional<std::string_view> value, std::size_t bytes) {
    if (!value || value->size() != (bytes * 4 + 2) / 3 || !base64url::decode(*value)) return {};
    return std::string(*value);
}

}  // namespace

browser browser::of(const http::request& request) {
    const http::cookies sent(request);
    browser found;
    found.id = token_or_nothing(sent.get(browser_cookie), 16);
    found.session_secret = token_or_nothing(sent.get(session_cookie), 32);
    found.language =
        std::string(sent.get(language_cookie).value_or(std::string_view()).substr(0, 3));
    found.member =
        std::string(sent.get(member_cookie).value_or(std::string_view()).substr(0, longest_member));
    return found;
}

void set_browser_cookie(http::response& answer, std::string_view id) {
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(browser_cookie, id));
}

void set_session_cookie(http::response& answer, std::string_view secret) {
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(session_cookie, secret));
}

void clear_session_cookie(http::response& answer) {
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(session_cookie, {}, std::chrono::seconds(0)));
}

void set_language_cookie(http::response& answer, web::language lang) {
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(language_cookie, web::tag_of(lang), half_a_year));
}

void set_member_cookie(http::response& answer, std::string_view value) {
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(member_cookie, value, half_a_year));
}

web::frame frame_for(const config::settings& settings, const http::request& request,
                     std::string_view ui_locales) {
    web::frame frame;
    const auto from = browser::of(request);
    frame.lang = web::choose_language(
        ui_locales, from.language, request.header("accept-language").value_or(std::string_view()));
    frame.request_id = request.id;
    frame.help_contact = settings.help_contact;
    frame.imprint_uri = settings.imprint_uri;
    frame.privacy_uri = settings.privacy_uri;
    return frame;
}

}  // namespace kommpass::idp::sessions
