#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/store/sql/database.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store::sql {

// Raw bytes, for a column of type BLOB.
struct blob {
    std::string_view bytes;
};

// The first eight bytes of a hash as a number: what an index on a hash keeps.
[[nodiscard]] long long hash_key(std::string_view hash) noexcept;

class rows;

// An SQL statement that is prepared at its first use and kept. What it throws: `prepared`.
class statement {
public:
    // `text` is a literal.
    statement(database& on, const char* text) : on_(on), text_(text) {}
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    // Binds the values to the parameters, in order. They must outlive the rows.
    template <class... Values>
    [[nodiscard]] rows query(const Values&... values);

    // The same for a statement that gives no rows: runs it to its end. How many rows it changed.
    template <class... Values>
    long long run(const Values&... values);

    // The same where nobody asks how many: a server then need not be waited for.
    template <class... Values>
    void send(const Values&... values);

private:
    friend class rows;
    template <class... Values>
    void bind_all(const Values&... values);
    void bind(int at, std::string_view text) {
        prepared_->bind_text(at, text, prepared::bytes_are::kept);
    }
    void bind(int at, blob value) { prepared_->bind_bytes(at, value.bytes); }
    void bind(int at, long long value) { prepared_->bind_integer(at, value); }
    void bind(int at, instant value) {
        prepared_->bind_integer(at, static_cast<long long>(value.time_since_epoch().count()));
    }
    template <class Tag>
    void bind(int at, const strong_string<Tag>& value) {
        bind(at, value.view());
    }
    void bind(int at, const std::vector<std::string>& words);

    database& on_;
    const char* text_;
    std::unique_ptr<prepared> prepared_;
};

// The answer of a statement, row by row. Its end makes the statement ready for the next use.
class rows {
public:
    explicit rows(prepared& of) : of_(of) {}
    ~rows() { of_.reset(); }
    rows(const rows&) = delete;
    rows& operator=(const rows&) = delete;

    [[nodiscard]] bool next() { return of_.next(); }

    // Reads the current row's columns, in order.
    template <class... Values>
    void read(Values&... values) {
        int at = 0;
        (get(at++, values), ...);
    }

private:
    void get(int at, std::string& value) const { value = of_.bytes(at); }
    void get(int at, long long& value) const { value = of_.integer(at); }
    void get(int at, bool& value) const { value = of_.integer(at) != 0; }
    void get(int at, instant& value) const {
        value = instant(std::chrono::milliseconds(of_.integer(at)));
    }
    void get(int at, std::vector<std::string>& words) const;
    template <class Tag>
    void get(int at, strong_string<Tag>& value) const {
        value = strong_string<Tag>(of_.bytes(at));
    }

    prepared& of_;
};

template <class... Values>
void statement::bind_all(const Values&... values) {
    if (!prepared_) prepared_ = on_.prepare(text_);
    [[maybe_unused]] int at = 0;
    (bind(at++, values), ...);
}

template <class... Values>
rows statement::query(const Values&... values) {
    bind_all(values...);
    return rows(*prepared_);
}

template <class... Values>
long long statement::run(const Values&... values) {
    auto answer = query(values...);
    while (answer.next()) {
    }
    return prepared_->changes();
}

template <class... Values>
void statement::send(const Values&... values) {
    bind_all(values...);
    const rows ready_again(*prepared_);
    prepared_->send();
}

}  // namespace kommpass::idp::store::sql
