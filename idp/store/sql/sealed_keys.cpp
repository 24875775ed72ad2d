#include "idp/store/sql/sealed_keys.hpp"

#include "idp/store/sql/transaction.hpp"

namespace kommpass::idp::store {

sealed_key_store& sealed_keys(transaction& t) {
    return dynamic_cast<sql::all_concerns&>(t).sealed_keys();
}

}  // namespace kommpass::idp::store

namespace kommpass::idp::store::sql {

// Both writes are one conditional statement each: the row's own lock decides between nodes.
sealed_keys::sealed_keys(database& on)
    : find_(on, "SELECT version, sealed FROM sealed_keys WHERE slot = 1"),
      version_(on, "SELECT version FROM sealed_keys WHERE slot = 1"),
      first_(on,
             "INSERT INTO sealed_keys (slot, version, sealed) VALUES (1, 1, ?)"
             " ON CONFLICT (slot) DO NOTHING"),
      next_(on,
            "UPDATE sealed_keys SET version = version + 1, sealed = ?"
            " WHERE slot = 1 AND version = ?") {}

std::optional<sealed_key_set> sealed_keys::find() {
    auto answer = find_.query();
    std::optional<sealed_key_set> found;
    while (answer.next()) {
        auto& set = found.emplace();
        answer.read(set.version, set.sealed);
    }
    return found;
}

long long sealed_keys::version() {
    auto answer = version_.query();
    long long version = 0;
    while (answer.next()) answer.read(version);
    return version;
}

bool sealed_keys::put(long long predecessor, std::string_view sealed) {
    if (predecessor == 0) return first_.run(sealed) == 1;
    return next_.run(sealed, predecessor) == 1;
}

}  // namespace kommpass::idp::store::sql
