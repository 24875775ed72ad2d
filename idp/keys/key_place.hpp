#pragma once

#include "config/settings.hpp"
#include "idp/jose/kept_keys.hpp"

#include <functional>
#include <string>

namespace kommpass::idp::store {
class store;
}

// Where an installation keeps its signing keys. `[keys] file` says it by what is in it: the keys
// themselves, for one node; or a sealing key, and then the keys are in the store, where every node
// that has the sealing key finds the same ones. Errors are sentences. Blocks.
namespace kommpass::idp::keys {

// The keys, completed; the first set where there is none. Of several nodes that begin at once on
// an empty store one makes the set. A sealing key that does not open what is there makes nothing.
// `wanted`: a first start waits for the keys that sign, and makes the rest when it serves.
[[nodiscard]] result<jose::key_ring_ptr, std::string> open_keys(
    const config::settings&, store::store&, randomness&, instant now,
    const jose::completion& wanted = {});

// A change with its audit record; in the store both are one unit of work. `wanted` is asked about
// the keys as they are then, not as this node last saw them; where it says no, nothing changes and
// those keys come back. In the store a change that another node made meanwhile stands, and this
// one is refused: two who rotate at once rotate once.
struct asked_change {
    jose::key_change what;
    std::string detail_json;  // of the audit record
    std::function<bool(const jose::key_ring&)> wanted = [](const jose::key_ring&) { return true; };
};
[[nodiscard]] result<jose::key_ring_ptr, std::string> change_keys(const config::settings&,
                                                                  store::store&,
                                                                  const asked_change&, randomness&,
                                                                  instant now);

// Another number once the keys are others: what each node asks each second. Nothing where neither
// file nor store tells.
[[nodiscard]] std::optional<long long> stamp_of_keys(const config::settings&, store::store&);

// A sealing key into the place of the key file, which must not be there: for a new installation.
[[nodiscard]] result<void, std::string> make_sealing_key(const config::settings&, randomness&);

// Moves the key file's keys into the store and leaves a sealing key in the file's place. Cut off in
// the middle, it goes on when called again. Refused where the store has keys already.
[[nodiscard]] result<void, std::string> move_keys_to_store(const config::settings&, store::store&,
                                                           const std::string& who, randomness&,
                                                           instant now);

}  // namespace kommpass::idp::keys
