#include "idp/http/cookie.hpp"

#include "idp/http/header_grammar.hpp"

#include <algorithm>
#include <stdexcept>

namespace kommpass::idp::http {
namespace {

constexpr std::size_t most_cookies = 64;

// cookie-octet of RFC 6265, 4.1.1.
bool is_cookie_octet(char c) noexcept {
    return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

bool is_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_cookie_octet);
}

}  // namespace

cookies::cookies(const request& request) {
    for (const auto& [name, value] : request.headers) {
        if (name == "cookie") read(value);
    }
}

void cookies::read(std::string_view header) {
    while (!header.empty() && pairs_.size() < most_cookies) {
        const auto end = std::min(header.find(';'), header.size());
        const auto pair = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = pair.substr(0, equals);
        const auto value = pair.substr(equals + 1);
        if (is_token(name) && is_value(value)) pairs_.emplace_back(name, value);
    }
}

std::optional<std::string_view> cookies::get(std::string_view name) const noexcept {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : pairs_) {
        if (key != name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

std::string host_cookie(std::string_view name, std::string_view value,
                        std::optional<std::chrono::seconds> max_age) {
    if (!name.starts_with("__Host-") || !is_token(name) || !is_value(value)) {
        throw std::invalid_argument("cookie name or value outside the grammar");
    }
    std::string cookie(name);
    cookie.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=Lax");
    if (max_age) cookie.append("; Max-Age=").append(std::to_string(max_age->count()));
    return cookie;
}

}  // namespace kommpass::idp::http
