#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {

class transaction;

// The set of signing keys that all nodes share, sealed by who keeps it here: these bytes are no
// secret to whoever reads the store, and open nowhere without the sealing key.
struct sealed_key_set {
    long long version = 0;  // 1 for the first one, one more with each change
    std::string sealed;
};

// There is one set or none. It changes only from a version that the writer has seen, so that of
// several nodes that begin on an empty store, or rotate at once, one makes the keys and the others
// find them: a check followed by an insert would let each make its own.
class sealed_key_store {
public:
    virtual ~sealed_key_store() = default;
    [[nodiscard]] virtual std::optional<sealed_key_set> find() = 0;
    // The version alone, as each node asks each second; 0 where there is no set.
    [[nodiscard]] virtual long long version() = 0;
    // Puts the successor of `predecessor` (0: there must be no set yet). False, and nothing
    // changed, where the set has another version by now.
    virtual bool put(long long predecessor, std::string_view sealed) = 0;
};

// The concern in a unit of work. It stands beside `transaction` and not in it, since only the room
// `keys/` has business with it.
[[nodiscard]] sealed_key_store& sealed_keys(transaction&);

}  // namespace kommpass::idp::store
