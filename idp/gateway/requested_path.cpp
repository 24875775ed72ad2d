#include "idp/gateway/requested_path.hpp"

#include "config/vocabulary/ascii_case.hpp"
#include "idp/http/percent_encoding.hpp"

#include <algorithm>

namespace kommpass::idp::gateway {
namespace {

constexpr std::size_t longest = 8 * 1024;

bool is_visible(char c) noexcept { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; }

// Of what was decoded: another decoding, or another system's separator, would change it.
bool reads_otherwise(std::string_view decoded) noexcept {
    return std::any_of(decoded.begin(), decoded.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '%' || c == '\\';
    });
}

bool has_encoded_slash(std::string_view encoded) noexcept {
    return encoded.find("%2f") != std::string_view::npos ||
           encoded.find("%2F") != std::string_view::npos;
}

std::string_view without_end(std::string_view segment) noexcept {
    segment = segment.substr(0, segment.find(';'));
    while (!segment.empty() && (segment.back() == '.' || segment.back() == ' '))
        segment.remove_suffix(1);
    return segment;
}

// False for a segment that leads elsewhere: dots alone, whatever follows a ';'.
bool fold(std::string_view literal, std::string& into) {
    into = "/";
    while (!literal.empty()) {
        literal.remove_prefix(1);
        const auto segment = literal.substr(0, literal.find('/'));
        literal.remove_prefix(segment.size());
        const auto name = without_end(segment);
        const bool only_dots = name.empty() && !segment.empty() && segment.front() != ';';
        if (only_dots) return false;
        if (name.empty()) continue;
        std::transform(name.begin(), name.end(), std::back_inserter(into), to_lower);
        if (!literal.empty()) into.push_back('/');
    }
    return true;
}

}  // namespace

requested_path read_path(std::string_view uri) {
    const requested_path nobody{{}, {}, true};
    if (uri.size() > longest || !uri.starts_with('/')) return nobody;
    if (!std::all_of(uri.begin(), uri.end(), is_visible)) return nobody;
    const auto encoded = uri.substr(0, uri.find('?'));
    if (has_encoded_slash(encoded)) return nobody;
    auto decoded = http::percent_decode(encoded, http::plus_sign::is_plus);
    if (!decoded || reads_otherwise(*decoded)) return nobody;
    requested_path found;
    if (!fold(*decoded, found.folded)) return nobody;
    found.literal = *std::move(decoded);
    return found;
}

}  // namespace kommpass::idp::gateway
