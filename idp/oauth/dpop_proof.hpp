#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/signing_algorithm.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

// Demonstrating Proof of Possession (RFC 9449), the proof itself. Pure: whether it was sent before,
// the store knows (`possession.hpp`).
namespace kommpass::idp::oauth {

// What a proof may be signed with: every algorithm here but RS256, which FAPI 2.0 (5.4.1) forbids
// and nobody who sends proofs depends on. Discovery and challenges are made from it.
[[nodiscard]] std::span<const signing_algorithm> dpop_algorithms() noexcept;
// "ES256 PS256 EdDSA", as `algs` of a challenge has them.
[[nodiscard]] const std::string& dpop_algorithm_names();

// A proof whose form and signature are right.
struct dpop_proof {
    std::string thumbprint;  // of the key that signed it (`jkt`)
    std::string id;          // `jti`, 1 to 255 bytes
    std::string method;      // `htm`
    std::string address;     // `htu`, normalized (`request_address.hpp`)
    instant issued_at{};
    std::string token_hash;  // `ath`; empty: none
    std::string nonce;       // empty: none
};

struct dpop_fault {
    std::string description;  // for `invalid_dpop_proof`
};

// 4.3, points 2 to 7. `nbf` and `exp` need not be there; where they are, they hold (10 s of
// tolerance).
[[nodiscard]] result<dpop_proof, dpop_fault> read_dpop_proof(std::string_view jws, instant now);

// What the request is that the proof came with.
struct proven_request {
    std::string_view method;        // "POST"
    std::string_view address;       // the public one, normalized
    std::string_view access_token;  // empty: none was sent
};
// 4.3, points 8, 9 and 12. Empty: it fits; else what does not.
[[nodiscard]] std::string mismatch(const dpop_proof&, const proven_request&);

// How far the time that a proof names may be off. A nonce of ours proves that it is fresh, so that
// a client's clock may then be minutes wrong; more than that is no proof in any case.
inline constexpr auto longest_proof_age = std::chrono::seconds(60);
inline constexpr auto furthest_proof_ahead = std::chrono::seconds(30);
inline constexpr auto furthest_clock = std::chrono::minutes(5);

enum class proof_age { fresh, fresh_with_nonce_only, wrong };
[[nodiscard]] proof_age age_of(const dpop_proof&, instant now) noexcept;

// Whether this is a key's thumbprint by its form, as `dpop_jkt` has it (10).
[[nodiscard]] bool well_formed_thumbprint(std::string_view) noexcept;

}  // namespace kommpass::idp::oauth
