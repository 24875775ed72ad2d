#include "idp/console/session_cookie.hpp"

#include "idp/http/cookie.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"

#include <charconv>

namespace kommpass::idp::console {
namespace {

constexpr std::string_view cookie = "__Host-kommpass-console";
constexpr std::string_view purpose = "console session";

}  // namespace

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

void set_session_cookie(http::response& answer, const jose::key_ring& keys,
                        const console_session& one) {
    const auto sealed =
        keys.seal(purpose, one.kind + "\n" + one.reference + "\n" + one.random + "\n" +
                               std::to_string(to_unix_seconds(one.expires_at)) + "\n" +
                               (one.has_purpose ? "purpose" : "none"));
    answer.headers.emplace_back("Set-Cookie", http::host_cookie(cookie, sealed));
}

std::optional<console_session> session_of(const http::request& request, const jose::key_ring& keys,
                                          instant now) {
    const http::cookies sent(request);
    const auto sealed = sent.get(cookie);
    const auto plain = sealed ? keys.open(purpose, *sealed) : std::nullopt;
    if (!plain) return std::nullopt;
    const auto parts = lines_of(*plain);
    const auto end = parts.size() == 5 ? number_of(parts[3]) : std::nullopt;
    if (!end || from_unix_seconds(*end) <= now) return std::nullopt;
    return console_session{parts[0], parts[1], parts[2], from_unix_seconds(*end),
                           parts[4] == "purpose"};
}

}  // namespace kommpass::idp::console
