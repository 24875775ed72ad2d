#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kommpass::idp::jose {

// Remembers JWS of our own whose signature is known to hold, since we made it or verified it: to
// look one up costs a SHA-256 in place of an ECDSA verification. Keeps SHA-256 only, never a token.
// Holds a bounded number and forgets the older of two that meet; what is forgotten is verified
// again. Says nothing of a token's claims, its lifetime or whether it was revoked. Thread-safe and
// without locks: what two threads write at once at one place is at worst found by neither.
class held_signatures {
public:
    explicit held_signatures(std::size_t places = 8192);

    [[nodiscard]] bool contains(std::string_view jws) const;
    void add(std::string_view jws);

private:
    static constexpr std::size_t words = 4;  // of 8 bytes: one SHA-256
    using place = std::array<std::atomic<std::uint64_t>, words>;
    std::vector<place> places_;
};

}  // namespace kommpass::idp::jose
