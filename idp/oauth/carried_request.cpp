#include "idp/oauth/arrival.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/jose/numeric_date.hpp"

#include <optional>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view plain_word = "plain";
constexpr std::string_view pushed_word = "pushed";
constexpr std::string_view signed_word = "signed";

// Written as `carry` writes it.
std::optional<instant> time_in(std::string_view text) {
    const auto seconds = http::decimal_number(text);
    if (!seconds || *seconds > jose::last_second || std::to_string(*seconds) != text)
        return std::nullopt;
    return from_unix_seconds(*seconds);
}

// "signed", or "signed.<jti in base64url>.<when it is forgotten, in seconds>"
std::optional<arrival> signed_arrival(std::string_view word) {
    arrival how;
    how.is_signed = true;
    if (word == signed_word) return how;
    const auto rest = word.substr(signed_word.size());
    const auto dot = rest.rfind('.');
    if (!rest.starts_with('.') || dot == 0) return std::nullopt;
    auto id = base64url::decode(rest.substr(1, dot - 1));
    const auto forgotten = time_in(rest.substr(dot + 1));
    if (!id || id->empty() || !forgotten) return std::nullopt;
    how.object_id = std::move(*id);
    how.object_forgotten = *forgotten;
    return how;
}

}  // namespace

std::string carry(const arrival& how, std::string_view encoded) {
    std::string text(how.pushed ? pushed_word : how.is_signed ? signed_word : plain_word);
    if (!how.pushed && !how.object_id.empty()) {
        text.append(".").append(base64url::encode(how.object_id));
        text.append(".").append(std::to_string(to_unix_seconds(how.object_forgotten)));
    }
    return text.append("&").append(encoded);
}

std::optional<std::pair<arrival, std::string_view>> carried(std::string_view text) {
    const auto end = text.find('&');
    if (end == std::string_view::npos) return std::nullopt;
    const auto word = text.substr(0, end);
    const auto rest = text.substr(end + 1);
    arrival how;
    if (word == plain_word) return std::pair{how, rest};
    how.pushed = word == pushed_word;
    if (how.pushed) return std::pair{how, rest};
    if (!word.starts_with(signed_word)) return std::nullopt;
    auto signed_one = signed_arrival(word);
    if (!signed_one) return std::nullopt;
    return std::pair{std::move(*signed_one), rest};
}

}  // namespace kommpass::idp::oauth
