#pragma once

#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/key_ring.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// What becomes of a set of keys, wherever it is kept: values to values. The key file and the store
// are two places for the same text (`parse_key_file`).
namespace kommpass::idp::jose {

// Nothing but what is missing is made: an active and a next key for each algorithm, several side by
// side. RSA keys take a second or so of a core each.
enum class completeness {
    what_signs,  // the active ones: all that a first start has to wait for
    everything,
};
struct completion {
    completeness how = completeness::everything;
    // Not null: an error once it is set, and nothing is changed.
    const std::atomic<bool>* given_up = nullptr;
};
// One step: next becomes active, active becomes retired until `now + longest_token_lifetime`.
struct rotation {
    std::optional<algorithm> only;
    std::chrono::seconds longest_token_lifetime;
};
// A key that somebody else may have: it goes at once, and what it signed is ours no more. Where it
// was active the next one signs, which is published already.
struct withdrawal {
    std::string kid;
};
using key_change = std::variant<completion, rotation, withdrawal>;

struct key_set {
    key_ring_ptr ring;
    secret_string text;
    bool changed;  // from what was given
};

// The set after a change; without `text` a first set is made. `where` names it in what is said of
// it.
[[nodiscard]] result<key_set, key_file_error> changed_key_set(const std::string& where,
                                                              std::optional<std::string_view> text,
                                                              const key_change&, randomness&,
                                                              instant now);

// The same with the key file, under its lock, written where something changed.
[[nodiscard]] result<key_ring_ptr, key_file_error> change_key_file(const std::string& path,
                                                                   const key_change&, randomness&,
                                                                   instant now);

}  // namespace kommpass::idp::jose
