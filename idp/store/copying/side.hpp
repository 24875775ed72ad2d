#pragma once

#include "idp/store/copying/tables.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kommpass::idp::store::copying {

// One end of a copy: a database, and what the engines do differently there. Throws
// `engine_failure`; what an operator has to mend is a `refusal`.
class refusal : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class side {
public:
    virtual ~side() = default;
    virtual sql::database& on() = 0;
    [[nodiscard]] virtual bool is_postgresql() const = 0;
    // Nobody else writes from now on, for as long as this lives; what it says stays.
    virtual void hold() = 0;
    virtual void begin() = 0;
    virtual void commit() = 0;
    // What the mark of an unfinished copy names as its source; empty: there is no mark.
    virtual std::string mark() = 0;
    virtual void set_mark(const std::string& source) = 0;
    virtual void remove_mark() = 0;
    // The number that the database gave last, and that it goes on behind.
    virtual long long last_number(const table&) = 0;
    virtual void go_on_behind(const table&, long long number) = 0;
};

// Opens an end. The source must have the newest schema; the target is made if there is none, and
// brought up to date. Throws `refusal`.
[[nodiscard]] std::unique_ptr<side> open_sqlite_side(const std::string& file, bool is_target);
[[nodiscard]] std::unique_ptr<side> open_postgresql_side(const std::string& url, bool is_target);

}  // namespace kommpass::idp::store::copying
