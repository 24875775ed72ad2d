#include "policies/network_zone.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace kommpass::policies {
namespace {

struct address_bytes {
    std::array<std::uint8_t, 16> bytes{};
    unsigned bits = 0;  // 32 or 128
};

std::optional<address_bytes> parse_address(std::string_view text) {
    if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
    const std::string terminated(text);
    address_bytes made;
    if (::inet_pton(AF_INET, terminated.c_str(), made.bytes.data()) == 1) {
        made.bits = 32;
        return made;
    }
    if (::inet_pton(AF_INET6, terminated.c_str(), made.bytes.data()) != 1) return std::nullopt;
    made.bits = 128;
    static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), made.bytes.begin())) {
        std::copy(made.bytes.begin() + 12, made.bytes.end(), made.bytes.begin());
        made.bits = 32;
    }
    return made;
}

struct network {
    address_bytes base;
    unsigned prefix = 0;
};

bool bit_at(const address_bytes& one, unsigned at) noexcept {
    return (one.bytes[at / 8] >> (7 - at % 8) & 1) != 0;
}

std::optional<network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto base = parse_address(text.substr(0, slash));
    const auto digits = text.substr(slash + 1);
    unsigned prefix = 0;
    const auto* end = digits.data() + digits.size();
    if (!base || digits.empty() || digits.size() > 3 ||
        std::from_chars(digits.data(), end, prefix).ptr != end || prefix > base->bits)
        return std::nullopt;
    for (unsigned at = prefix; at < base->bits; ++at) {
        if (bit_at(*base, at)) return std::nullopt;
    }
    return network{*base, prefix};
}

}  // namespace

bool is_network(std::string_view text) noexcept { return parse_network(text).has_value(); }

bool is_in_network(std::string_view address, std::string_view text) noexcept {
    const auto one = parse_address(address);
    const auto zone = parse_network(text);
    if (!one || !zone || one->bits != zone->base.bits) return false;
    for (unsigned at = 0; at < zone->prefix; ++at) {
        if (bit_at(*one, at) != bit_at(zone->base, at)) return false;
    }
    return true;
}

}  // namespace kommpass::policies
