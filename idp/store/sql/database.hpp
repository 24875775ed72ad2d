#pragma once

#include "config/vocabulary/clock.hpp"

#include <memory>
#include <string_view>

// What the concerns need of a database: one connection of it, and statements that it keeps
// prepared. SQLite (`sqlite/`) and PostgreSQL (`postgresql/`) are two drivers of this interface;
// the concerns beside this file are written once, in the SQL that both understand.
namespace kommpass::idp::store::sql {

// A statement as a driver keeps it prepared; `statement` (statement.hpp) is how it is used. For one
// thread. Parameters and columns are counted from 0. Throws `engine_failure` where the database
// fails, `std::invalid_argument` where a value breaks a constraint (a bug of the caller).
class prepared {
public:
    enum class bytes_are { kept, passing };  // by the caller until `reset`; only during the call

    virtual ~prepared() = default;
    virtual void bind_text(int at, std::string_view, bytes_are) = 0;
    virtual void bind_bytes(int at, std::string_view) = 0;
    virtual void bind_integer(int at, long long) = 0;
    // Goes on to the next row; false behind the last one.
    virtual bool next() = 0;
    // Carries it out where nobody asks for the answer. A driver may do it later, but before the
    // next answer and before the end of the transaction; what goes wrong is thrown there.
    virtual void send() = 0;
    // Of the current row. An absent value is empty, and 0.
    [[nodiscard]] virtual std::string_view bytes(int at) const = 0;
    [[nodiscard]] virtual long long integer(int at) const = 0;
    // How many rows it changed, once `next` was false.
    [[nodiscard]] virtual long long changes() const = 0;
    virtual void reset() noexcept = 0;  // ready for the next values
};

class database {
public:
    virtual ~database() = default;
    // `text` is a literal. Parameters are `?`, or `?1`, `?2`, ... where one is used twice.
    [[nodiscard]] virtual std::unique_ptr<prepared> prepare(const char* text) = 0;
    // The time that all who share the database agree on: the server's, where there is one, and
    // otherwise what the caller's clock says.
    [[nodiscard]] virtual instant shared_time(instant callers) = 0;
};

}  // namespace kommpass::idp::store::sql
