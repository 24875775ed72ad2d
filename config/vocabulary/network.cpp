#include "config/vocabulary/network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace kommpass {
namespace {

constexpr unsigned all_bits = 128;
constexpr unsigned bits_before_ipv4 = 96;

}  // namespace

std::optional<address_bytes> parse_address(std::string_view text) {
    const std::string terminated(text);
    address_bytes made{};
    in_addr v4{};
    if (::inet_pton(AF_INET, terminated.c_str(), &v4) == 1) {
        made[10] = made[11] = 0xff;
        std::memcpy(made.data() + bits_before_ipv4 / 8, &v4, sizeof v4);
        return made;
    }
    if (::inet_pton(AF_INET6, terminated.c_str(), made.data()) == 1) return made;
    return std::nullopt;
}

std::optional<network> network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto name = text.substr(0, slash);
    const auto address = parse_address(name);
    if (!address) return std::nullopt;
    network made;
    made.first_ = *address;
    if (slash == std::string_view::npos) return made;
    const auto digits = text.substr(slash + 1);
    const auto before = name.find(':') == std::string_view::npos ? bits_before_ipv4 : 0U;
    unsigned bits = 0;
    const auto* end = digits.data() + digits.size();
    if (digits.empty() || std::from_chars(digits.data(), end, bits).ptr != end ||
        bits > all_bits - before)
        return std::nullopt;
    made.bits_ = before + bits;
    return made;
}

bool network::contains(const address_bytes& address) const noexcept {
    for (unsigned i = 0; i < address.size() && i * 8 < bits_; ++i) {
        const auto left = std::min(8U, bits_ - i * 8);
        const auto mask = static_cast<unsigned char>(0xffU << (8U - left));
        if ((first_[i] & mask) != (address[i] & mask)) return false;
    }
    return true;
}

}  // namespace kommpass
