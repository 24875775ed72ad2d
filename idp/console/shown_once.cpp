#include "idp/console/shown_once.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/console/session_cookie.hpp"
#include "idp/http/cookie.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::console {
namespace {

constexpr std::string_view cookie = "__Host-kommpass-once";
constexpr std::string_view sealed_for = "shown once";

}  // namespace

void show_once(const console_request& v, http::response& answer, std::string_view path,
               std::string_view what) {
    const auto until = to_unix_seconds(v.at.time.now() + shown_once_lifetime);
    const auto plain = v.csrf + "\n" + std::string(path) + "\n" + std::to_string(until) + "\n" +
                       base64url::encode(what);
    const auto keys = v.at.keys.get();
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(cookie, keys->seal(sealed_for, plain),
                                                  std::chrono::seconds(shown_once_lifetime)));
}

std::optional<std::string> waiting_for(const console_request& v) {
    const http::cookies sent(v.request);
    const auto sealed = sent.get(cookie);
    const auto keys = v.at.keys.get();
    const auto plain = sealed ? keys->open(sealed_for, *sealed) : std::nullopt;
    if (!plain) return std::nullopt;
    const auto parts = lines_of(*plain);
    const auto until = parts.size() == 4 ? number_of(parts[2]) : std::nullopt;
    const bool mine = until && equal_in_constant_time(parts[0], v.csrf) &&
                      parts[1] == v.request.path && from_unix_seconds(*until) > v.at.time.now();
    return mine ? base64url::decode(parts[3]) : std::nullopt;
}

http::response to_shown_once(const console_request& v, const std::string& path,
                             const dated_secret& made) {
    auto answer = http::see_other(path);
    show_once(v, answer, path, std::to_string(to_unix_seconds(made.good_until)) + "\n" + made.text);
    return answer;
}

std::optional<dated_secret> dated_waiting_for(const console_request& v) {
    const auto waiting = waiting_for(v);
    const auto parts = waiting ? lines_of(*waiting) : std::vector<std::string>();
    const auto until = parts.size() == 2 ? number_of(parts[0]) : std::nullopt;
    if (!until) return std::nullopt;
    return dated_secret{parts[1], from_unix_seconds(*until)};
}

void forget_shown(http::response& answer) {
    answer.headers.emplace_back("Set-Cookie",
                                http::host_cookie(cookie, {}, std::chrono::seconds(0)));
}

}  // namespace kommpass::idp::console
