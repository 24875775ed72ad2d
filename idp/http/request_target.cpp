#include "idp/http/request_target.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/http/percent_encoding.hpp"

#include <algorithm>

namespace kommpass::idp::http {
namespace {

bool is_visible(char c) noexcept { return c > 0x20 && c < 0x7f && c != '#'; }

// "https://host/path?query" without scheme and authority; nothing if it is neither.
std::optional<std::string_view> without_authority(std::string_view target) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    const auto name = target.substr(0, scheme);
    if (!equals_ignoring_case(name, "http") && !equals_ignoring_case(name, "https")) {
        return std::nullopt;
    }
    target.remove_prefix(scheme + 3);
    const auto authority = target.substr(0, target.find_first_of("/?"));
    if (authority.empty() || !is_host(authority)) return std::nullopt;
    return target.substr(authority.size());
}

bool has_dot_segment(std::string_view path) noexcept {
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

bool is_plain(std::string_view path) noexcept {
    return std::none_of(path.begin(), path.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '%' || c == '\\';
    });
}

bool has_encoded_slash(std::string_view path) noexcept {
    return path.find("%2f") != std::string_view::npos || path.find("%2F") != std::string_view::npos;
}

}  // namespace

std::optional<request_target> parse_request_target(std::string_view target) {
    if (!std::all_of(target.begin(), target.end(), is_visible)) return std::nullopt;
    if (target == "*") return request_target{"*", {}};
    if (!target.starts_with('/')) {
        const auto rest = without_authority(target);
        if (!rest) return std::nullopt;
        target = *rest;
    }
    const auto mark = std::min(target.find('?'), target.size());
    const auto query = target.substr(std::min(mark + 1, target.size()));
    const auto encoded = target.substr(0, mark);
    if (encoded.empty()) return request_target{"/", query};

    if (encoded.find('%') == std::string_view::npos) {
        if (!is_plain(encoded) || has_dot_segment(encoded)) return std::nullopt;
        return request_target{std::string(encoded), query};
    }
    auto path = percent_decode(encoded, plus_sign::is_plus);
    if (!path || has_encoded_slash(encoded) || !is_plain(*path) || has_dot_segment(*path)) {
        return std::nullopt;
    }
    return request_target{std::move(*path), query};
}

std::string_view beginning_of_path(std::string_view target) noexcept {
    constexpr std::size_t longest = 64;
    const auto is_plain = [](char c) { return is_alpha(c) || is_digit(c) || c == '/' || c == '-'; };
    auto plain = target.substr(0, longest);
    const auto end = std::find_if_not(plain.begin(), plain.end(), is_plain);
    plain = plain.substr(0, static_cast<std::size_t>(end - plain.begin()));
    return plain.substr(0, plain.rfind('/') + 1);
}

bool is_host(std::string_view host) noexcept {
    return std::all_of(host.begin(), host.end(), [](char c) {
        return is_alpha(c) || is_digit(c) ||
               std::string_view("-._~:[]").find(c) != std::string_view::npos;
    });
}

}  // namespace kommpass::idp::http
