#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/result.hpp"
#include "config/vocabulary/signing_algorithm.hpp"
#include "idp/jose/key_ring.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::keys {

// `policies::compile` allows no access or ID token to live longer: so long a retired key stays
// published.
inline constexpr auto longest_token_lifetime = std::chrono::hours(24);

// One rotation step with its audit record. Retired keys stay published until the last token that
// they can have signed has expired; ID tokens of the longest session are the longest-lived. The
// error is a sentence.
[[nodiscard]] result<jose::key_ring_ptr, std::string> rotate_keys(
    const config::settings&, store::store&, std::optional<signing_algorithm> only,
    const std::string& who, randomness&, instant now);

// The same where it is due by the keys as they are in their place: a node that slept through
// another's rotation does not rotate once more.
[[nodiscard]] result<jose::key_ring_ptr, std::string> rotate_keys_if_due(const config::settings&,
                                                                         store::store&,
                                                                         const std::string& who,
                                                                         randomness&, instant now);

// A key that somebody else may have goes at once, with all that it signed; the next one, which is
// published already, signs instead. The error is a sentence.
[[nodiscard]] result<jose::key_ring_ptr, std::string> withdraw_key(const config::settings&,
                                                                   store::store&,
                                                                   const std::string& kid,
                                                                   const std::string& who,
                                                                   randomness&, instant now);

// When the oldest active key will have signed for `[keys] rotation`; nothing if none rotates by
// itself.
[[nodiscard]] std::optional<instant> next_rotation(const config::settings&, const jose::key_ring&);

// True if the oldest active key has signed for longer than `[keys] rotation`.
[[nodiscard]] bool rotation_is_due(const config::settings&, const jose::key_ring&, instant now);

}  // namespace kommpass::idp::keys
