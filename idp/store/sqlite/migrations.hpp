#pragma once

#include <span>

namespace kommpass::idp::store::sqlite {

struct migration {
    long long number;
    const char* name;
    const char* sql;
};

// idp/store/migrations/*.sql in order, as built into the program.
[[nodiscard]] std::span<const migration> known_migrations();

}  // namespace kommpass::idp::store::sqlite
