#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/store/sqlite/connection.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace kommpass::idp::store::sqlite {

// Raw bytes, for a column of type BLOB.
struct blob {
    std::string_view bytes;
};

// The first eight bytes of a hash as a number: what an index on a hash keeps.
[[nodiscard]] long long hash_key(std::string_view hash) noexcept;

class rows;

// An SQL statement that is prepared at its first use and kept.
class statement {
public:
    // `sql` is a literal.
    statement(connection& on, const char* sql) : connection_(on), sql_(sql) {}
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    // Binds the values to the parameters, in order. They must outlive the rows.
    template <class... Values>
    [[nodiscard]] rows query(const Values&... values);

    // The same for a statement that gives no rows: runs it to its end. How many rows it changed.
    template <class... Values>
    long long run(const Values&... values);

private:
    friend class rows;
    void prepare();
    void bind(int at, std::string_view);
    void bind(int at, blob);
    void bind(int at, long long);
    void bind(int at, instant value) {
        bind(at, static_cast<long long>(value.time_since_epoch().count()));
    }
    template <class Tag>
    void bind(int at, const strong_string<Tag>& value) {
        bind(at, value.view());
    }
    void bind(int at, const std::vector<std::string>& words);
    void check(int code) const {
        if (code != 0) connection_.fail(code, sql_);
    }

    connection& connection_;
    const char* sql_;
    sqlite3_stmt* prepared_ = nullptr;
};

// The answer of a statement, row by row. Its end makes the statement ready for the next use.
class rows {
public:
    explicit rows(statement& of) : of_(of) {}
    ~rows();
    rows(const rows&) = delete;
    rows& operator=(const rows&) = delete;

    [[nodiscard]] bool next();

    // Reads the current row's columns, in order.
    template <class... Values>
    void read(Values&... values) {
        int at = 0;
        (get(at++, values), ...);
    }

private:
    void get(int at, std::string&) const;
    void get(int at, long long&) const;
    void get(int at, bool&) const;
    void get(int at, instant&) const;
    void get(int at, std::vector<std::string>& words) const;
    template <class Tag>
    void get(int at, strong_string<Tag>& value) const {
        value = strong_string<Tag>(view(at));
    }
    [[nodiscard]] std::string_view view(int at) const;

    statement& of_;
};

template <class... Values>
rows statement::query(const Values&... values) {
    if (prepared_ == nullptr) prepare();
    [[maybe_unused]] int at = 0;
    (bind(++at, values), ...);
    return rows(*this);
}

template <class... Values>
long long statement::run(const Values&... values) {
    auto answer = query(values...);
    while (answer.next()) {
    }
    return connection_.changes();
}

}  // namespace kommpass::idp::store::sqlite
