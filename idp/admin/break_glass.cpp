#include "idp/admin/break_glass.hpp"

#include <charconv>

namespace kommpass::idp::admin {
namespace {

constexpr std::string_view purpose = "emergency code";

}  // namespace

std::string seal_emergency_code(const jose::key_ring& keys, const emergency_code& code) {
    return keys.seal(purpose, code.id + "\n" + std::to_string(to_unix_seconds(code.expires_at)) +
                                  "\n" + code.issued_by);
}

std::optional<emergency_code> open_emergency_code(std::string_view sealed,
                                                  const jose::key_ring& keys, instant now) {
    const auto plain = keys.open(purpose, sealed);
    if (!plain) return std::nullopt;
    const std::string_view all = *plain;
    const auto first = all.find('\n');
    const auto second = first == std::string_view::npos ? first : all.find('\n', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto digits = all.substr(first + 1, second - first - 1);
    long long seconds = 0;
    const auto* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, seconds).ptr != end) return std::nullopt;
    emergency_code code{std::string(all.substr(0, first)), std::string(all.substr(second + 1)),
                        from_unix_seconds(seconds)};
    if (code.expires_at <= now) return std::nullopt;
    return code;
}

}  // namespace kommpass::idp::admin
