#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/store/postgresql/migrations.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace kommpass::idp::store::postgresql {

class connection;

struct migration_course {
    std::chrono::milliseconds patience{120'000};     // for locks that others hold on the tables
    std::function<void(const std::string&)> tell{};  // in words: waits, was applied; may be empty
};

// What stands against using the database that `on` is connected to: another encoding, another
// program's tables, a newer Kommpass's that this one does not get along with, a role without
// rights, a copy that was not finished. Empty: it is new or ours. Changes nothing.
[[nodiscard]] std::string objection(connection& on, std::span<const migration> known);

// Applies what is missing, each migration in a transaction of its own under one lock for all nodes.
// A table that is in use is asked for a second and then left alone again for a while, so that
// nobody queues up behind. A migration whose text begins with `-- expand` leaves programs of the
// schema before it in working order; after any other they are refused.
[[nodiscard]] result<void, std::string> apply_missing(connection& on,
                                                      std::span<const migration> known,
                                                      const migration_course& = {});

// The number of the last migration that was applied; 0: none.
[[nodiscard]] long long schema_version(connection& on);

}  // namespace kommpass::idp::store::postgresql
