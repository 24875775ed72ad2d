#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace kommpass {

// An IPv6 address in network order; IPv4 stands as the address that it maps to, ::ffff:a.b.c.d, so
// that both ways to write it are one.
using address_bytes = std::array<unsigned char, 16>;
// As text without a zone; nothing if it is none.
[[nodiscard]] std::optional<address_bytes> parse_address(std::string_view);

// "10.1.0.0/16", "fd00::/8", or one address.
class network {
public:
    [[nodiscard]] static std::optional<network> parse(std::string_view);
    [[nodiscard]] bool contains(const address_bytes&) const noexcept;

private:
    address_bytes first_{};
    unsigned bits_ = 128;
};

}  // namespace kommpass
