#pragma once

#include "config/vocabulary/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kommpass::idp::store {

struct copied_table {
    std::string name;
    std::uint64_t rows = 0;
    std::string digest;  // SHA-256 over all rows in the order of their key, the same on both sides
};

// Told after each page: how many rows of this table are there now.
using copy_progress = std::function<void(const std::string& table, std::uint64_t rows)>;

// Moves an installation's state from SQLite to PostgreSQL or back: `from` and `to` are the URLs of
// [store] url, one of either kind. The target is made if there is none, and must be empty, or hold
// what an earlier call with the same source left unfinished: then it goes on from there. Nobody
// writes to the source meanwhile: its lock is held. At the end both sides are read and compared;
// until they are found the same, the target refuses to be used as a store. The error is a sentence
// for the operator.
[[nodiscard]] result<std::vector<copied_table>, std::string> copy_store(const std::string& from,
                                                                        const std::string& to,
                                                                        const copy_progress&);

}  // namespace kommpass::idp::store
