#include "idp/admin/one_time_code.hpp"

#include "idp/jose/key_ring.hpp"

#include <charconv>

namespace kommpass::idp::admin {
namespace {

std::string purpose_of(const code_kind& kind) { return std::string(kind.name) + " code"; }

}  // namespace

std::string seal_code(const jose::key_ring& keys, const code_kind& kind,
                      const one_time_code& code) {
    return keys.seal(
        purpose_of(kind),
        code.id + "\n" + std::to_string(to_unix_seconds(code.expires_at)) + "\n" + code.about);
}

std::optional<one_time_code> open_code(const jose::key_ring& keys, const code_kind& kind,
                                       std::string_view sealed, instant now) {
    const auto plain = keys.open(purpose_of(kind), sealed);
    if (!plain) return std::nullopt;
    const std::string_view all = *plain;
    const auto first = all.find('\n');
    const auto second = first == std::string_view::npos ? first : all.find('\n', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto digits = all.substr(first + 1, second - first - 1);
    long long seconds = 0;
    const auto* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, seconds).ptr != end) return std::nullopt;
    one_time_code code{std::string(all.substr(0, first)), std::string(all.substr(second + 1)),
                       from_unix_seconds(seconds)};
    if (code.expires_at <= now) return std::nullopt;
    return code;
}

}  // namespace kommpass::idp::admin
