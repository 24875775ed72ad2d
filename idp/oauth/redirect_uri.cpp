#include "idp/oauth/redirect_uri.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::oauth {
namespace {

constexpr std::array<std::string_view, 2> loopback_origins{"http://127.0.0.1", "http://[::1]"};

// The port's digits at the front of what follows the host, or 0 characters.
std::size_t port_length(std::string_view rest) noexcept {
    if (rest.empty() || rest[0] != ':') return 0;
    std::size_t end = 1;
    while (end < rest.size() && end <= 6 && rest[end] >= '0' && rest[end] <= '9') ++end;
    return end > 1 && end <= 6 ? end : 0;
}

bool matches_loopback(std::string_view registered, std::string_view presented) noexcept {
    for (const auto origin : loopback_origins) {
        if (!registered.starts_with(origin) || !presented.starts_with(origin)) continue;
        const auto path = registered.substr(origin.size());
        if (!path.empty() && path[0] != '/') return false;  // registered with a port: exact only
        const auto rest = presented.substr(origin.size());
        return rest.substr(port_length(rest)) == path;
    }
    return false;
}

}  // namespace

bool is_registered_redirect(const std::vector<std::string>& registered,
                            std::string_view presented) noexcept {
    return std::any_of(registered.begin(), registered.end(), [&](const std::string& uri) {
        return uri == presented || matches_loopback(uri, presented);
    });
}

bool is_web_address(std::string_view uri) noexcept {
    return uri.starts_with("https://") || uri.starts_with("http://");
}

std::string place_of(std::string_view uri) {
    const auto scheme_end = uri.find(':');
    if (scheme_end == std::string_view::npos) return {};
    if (!is_web_address(uri)) return std::string(uri.substr(0, scheme_end + 1));
    return std::string(uri.substr(0, uri.find_first_of("/?#", scheme_end + 3)));
}

std::string form_action_source(std::string_view uri) {
    const auto scheme_end = uri.find(':');
    if (scheme_end == std::string_view::npos || is_web_address(uri)) return {};
    return std::string(uri.substr(0, scheme_end + 1));
}

}  // namespace kommpass::idp::oauth
