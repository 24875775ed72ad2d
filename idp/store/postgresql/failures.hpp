#pragma once

#include "idp/store/store.hpp"

#include <string>
#include <string_view>

// What PostgreSQL answers when it does not do what it was asked, sorted by what to do about it.
// The codes: PostgreSQL's documentation, appendix A.
namespace kommpass::idp::store::postgresql {

// The connection is of no more use, or its server no longer the one that writes: a fresh one is
// needed. Nothing of an open transaction is kept.
class connection_lost : public engine_failure {
public:
    using engine_failure::engine_failure;
};

// Two transactions stood in each other's way, and this one gave in: it may be run again.
class conflict : public engine_failure {
public:
    using engine_failure::engine_failure;
};

// COMMIT was sent, and what became of it is not known: `outcomes` (outcomes.hpp) decides it.
class unknown_outcome : public engine_failure {
public:
    using engine_failure::engine_failure;
};

enum class failure_kind {
    connection_lost,  // 08xxx, 57P01 to 57P05, 25P03; 25006 where writing was agreed on
    conflict,         // 40001, 40P01, 55P03 (a lock that was not to be had in time)
    caller_bug,       // 22xxx, 23xxx; 25006 inside a read
    engine,           // all others: disk full (53100), no rights (42501), cancelled (57014)
};

// `sqlstate`: five characters, or empty where the server said nothing. `reads`: the transaction
// was begun to read only.
[[nodiscard]] failure_kind kind_of(std::string_view sqlstate, bool reads) noexcept;

// Throws what fits the kind: one of the above, `std::invalid_argument` or `engine_failure`.
[[noreturn]] void throw_failure(failure_kind, const std::string& words);

}  // namespace kommpass::idp::store::postgresql
