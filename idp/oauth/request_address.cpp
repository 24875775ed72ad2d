#include "idp/oauth/request_address.hpp"

#include "idp/http/header_grammar.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest = 2048;

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), kommpass::to_lower);
    return made;
}

int digit_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char l = kommpass::to_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool is_unreserved(char c) noexcept {
    return http::is_alpha(c) || http::is_digit(c) ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

std::optional<std::string> decoded_path(std::string_view path) {
    std::string made;
    made.reserve(path.size() + 1);
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto c = path[i];
        if (c <= ' ' || c > '~') return std::nullopt;
        if (c != '%') {
            made.push_back(c);
            continue;
        }
        if (i + 2 >= path.size()) return std::nullopt;
        const int high = digit_value(path[i + 1]);
        const int low = digit_value(path[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        made.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    if (made.empty()) made = "/";
    return made;
}

// Host and port, or nothing: a name or address, and a port that is not the scheme's own.
std::optional<std::string> normalized_authority(std::string_view authority,
                                                std::string_view default_port) {
    const auto is_of_host = [](char c) {
        return is_unreserved(c) || c == '[' || c == ']' || c == ':';
    };
    if (authority.empty() || !std::all_of(authority.begin(), authority.end(), is_of_host))
        return std::nullopt;
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
        return lower(authority);
    auto port = authority.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), http::is_digit)) return std::nullopt;
    auto host = lower(authority.substr(0, colon));
    if (host.empty()) return std::nullopt;
    if (port.empty() || port == default_port) return host;
    return host + ":" + std::string(port);
}

}  // namespace

std::optional<std::string> normalized_address(std::string_view uri) {
    if (uri.size() > longest) return std::nullopt;
    const auto end_of_scheme = uri.find("://");
    if (end_of_scheme == std::string_view::npos) return std::nullopt;
    const auto scheme = lower(uri.substr(0, end_of_scheme));
    if (scheme != "https" && scheme != "http") return std::nullopt;
    uri.remove_prefix(end_of_scheme + 3);
    uri = uri.substr(0, uri.find_first_of("?#"));
    const auto slash = std::min(uri.find('/'), uri.size());
    const auto authority =
        normalized_authority(uri.substr(0, slash), scheme == "https" ? "443" : "80");
    const auto path = decoded_path(uri.substr(slash));
    if (!authority || !path) return std::nullopt;
    return scheme + "://" + *authority + *path;
}

}  // namespace kommpass::idp::oauth
