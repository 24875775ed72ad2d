#pragma once

#include "config/vocabulary/secret_string.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {

// Authenticated encryption and keyed hashes under keys that are derived from one secret, one for
// each purpose (HKDF, RFC 5869). Thread-safe, without locks: each thread keeps the
// keys that it has derived.
class sealing {
public:
    static constexpr std::size_t largest = 16 * 1024;  // what strangers hand in

    explicit sealing(secret_string secret);  // 32 bytes

    [[nodiscard]] std::string seal(std::string_view purpose, std::string_view plain) const;
    // `bound`: of the sealed text; what is longer is refused unread.
    [[nodiscard]] std::optional<std::string> open(std::string_view purpose, std::string_view sealed,
                                                  std::size_t bound = largest) const;
    [[nodiscard]] std::string keyed_hash(std::string_view purpose, std::string_view message) const;

private:
    using derived_key = std::array<unsigned char, 32>;
    // `use` keeps the keys of different algorithms apart (NIST SP 800-57, 5.2).
    [[nodiscard]] derived_key key_for(std::string_view use, std::string_view purpose) const;

    secret_string secret_;
    std::uint64_t number_;  // tells instances apart in the threads' memory
};

}  // namespace kommpass::idp::jose
