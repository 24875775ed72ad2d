#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/randomness.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/signing_algorithm.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::jose {

using algorithm = signing_algorithm;

// next: published, not yet signing. active: signs. retired: published until its last token has
// expired.
enum class key_state { next, active, retired };

[[nodiscard]] constexpr std::string_view name_of(key_state state) noexcept {
    switch (state) {
        case key_state::next:
            return "next";
        case key_state::active:
            return "active";
        case key_state::retired:
            break;
    }
    return "retired";
}

struct key_info {
    std::string kid;
    jose::algorithm algorithm;
    key_state state;
    instant created_at;
    instant activated_at;     // zero while `next`
    instant published_until;  // zero unless `retired`
};

struct key_file_error {
    std::string message;
};  // names the file, the key and the remedy

// The service's signing keys and sealing secret: an immutable value read from the key file, shared
// by all threads. Signing is thread-safe and allocates one OpenSSL context for each call and thread
// at most.
class key_ring {
public:
    virtual ~key_ring() = default;

    // Compact JWS over `payload_json` with the active key of this algorithm; header has alg, kid
    // and `typ`
    // ("JWT", "at+jwt", "logout+jwt", "audit+jwt", "token-introspection+jwt"). Every ring has an
    // active key for every algorithm.
    [[nodiscard]] virtual std::string sign(algorithm, std::string_view typ,
                                           std::string_view payload_json) const = 0;

    // The published set (public parts of next, active and retired keys), made once.
    [[nodiscard]] virtual const std::shared_ptr<const std::string>& jwks_json() const noexcept = 0;

    // Checks signature and header of a JWS of our own making; gives the payload. Never looks at
    // claims. Nothing for anything else: other algorithm than the key's, unknown kid, wrong typ,
    // `crit`, over 16 KiB.
    [[nodiscard]] virtual std::optional<std::string> verify_own(std::string_view jws,
                                                                std::string_view typ) const = 0;

    // Authenticated encryption (AES-256-GCM) for values that we hand out and take back: base64url
    // text. `purpose` is bound in: what was sealed for one purpose does not open for another.
    [[nodiscard]] virtual std::string seal(std::string_view purpose,
                                           std::string_view plain) const = 0;
    [[nodiscard]] virtual std::optional<std::string> open(std::string_view purpose,
                                                          std::string_view sealed) const = 0;

    // Keyed hash (HMAC-SHA-256, 32 raw bytes) under a secret derived for `purpose`: pairwise
    // subjects, CSRF. Stays the same over rotations.
    [[nodiscard]] virtual std::string keyed_hash(std::string_view purpose,
                                                 std::string_view message) const = 0;

    [[nodiscard]] virtual std::vector<key_info> list() const = 0;
};

using key_ring_ptr = std::shared_ptr<const key_ring>;

// Reads the key file; makes it (mode 0600, written beside and renamed, synced) with a first set of
// keys if it is not there. Refuses a file that others may read, RSA under 3072 bit, EC other than
// P-256, doubled kids.
[[nodiscard]] result<key_ring_ptr, key_file_error> open_key_file(const std::string& path,
                                                                 randomness&, instant now);

// One rotation step, written to the file: next becomes active, active becomes retired (published
// until `now + longest_token_lifetime`), a new next is made; retired keys whose time is over go.
// One algorithm or all.
[[nodiscard]] result<key_ring_ptr, key_file_error> rotate_key_file(
    const std::string& path, std::optional<algorithm> only,
    std::chrono::seconds longest_token_lifetime, randomness&, instant now);

}  // namespace kommpass::idp::jose
