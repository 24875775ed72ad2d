#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/store/open_store.hpp"

#include <string>
#include <vector>

namespace kommpass::idp::service {

enum class gravity {
    fault,     // `serve` does not start with it
    weakness,  // `serve` starts and says it: it is not everybody's, or better than no service
};

// One thing that is not right: where, what, and the remedy.
struct opening_finding {
    gravity how;
    std::string text;
};

struct opening_options {
    // The store's file is missing or empty although there are keys already: a new one is meant.
    bool new_store = false;
    // The key file is missing although the store has been used: a new one is meant.
    bool new_keys = false;
};

// Everything that `serve` opens, in the order in which it does: listeners with their certificates,
// proxies, key file, store, registry, the files that members' directories name, mail. Looks only:
// makes nothing, changes nothing, connects to nothing but the store's database. `serve` refuses to
// start for the faults in it, so that `check` and `serve` are of one mind. Blocks.
[[nodiscard]] std::vector<opening_finding> look_at_everything(const config::settings&, instant now,
                                                              opening_options = {});

// Where the settings say that the store is.
[[nodiscard]] store::store_place place_of_store(const config::settings&);

// The store and the key file alone, for commands that open them: what has gone missing is not made
// anew without a word. Empty: go on; else a sentence with the remedy.
[[nodiscard]] std::string missing_half(const config::settings&, opening_options = {});

}  // namespace kommpass::idp::service
