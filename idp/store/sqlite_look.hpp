#pragma once

#include "config/vocabulary/result.hpp"

#include <filesystem>
#include <string>

namespace kommpass::idp::store {

// What a store's file holds.
struct sqlite_look {
    bool begins_anew = true;  // there is no file, or one of 0 bytes: opening it makes a new store
    long long revision = 0;   // the newest one's number; 0: none yet
    std::string documents_json;  // its documents
};

// Looks at the file without making, migrating, locking or changing anything, also beside a running
// server. The error is a sentence for the operator, as `open_sqlite_store` would give it.
[[nodiscard]] result<sqlite_look, std::string> look_at_sqlite_store(
    const std::filesystem::path& file);

}  // namespace kommpass::idp::store
