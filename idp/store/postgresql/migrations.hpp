#pragma once

#include <span>

namespace kommpass::idp::store::postgresql {

struct migration {
    long long number;
    const char* name;
    const char* sql;
};

// idp/store/migrations/postgresql/*.sql in order, as built into the program.
[[nodiscard]] std::span<const migration> known_migrations();

}  // namespace kommpass::idp::store::postgresql
