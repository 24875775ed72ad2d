#pragma once

#include "idp/store/postgresql/connection.hpp"
#include "idp/store/sql/database.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store::postgresql {

// A statement that each connection prepares at its first use. PostgreSQL keeps no text that is no
// UTF-8 or holds a zero byte: what is wrong in it is replaced by U+FFFD, so that a browser's
// strange header costs nobody their sign-in.
class prepared_statement final : public sql::prepared {
public:
    prepared_statement(connection& on, const char* text);

    void bind_text(int at, std::string_view, bytes_are) override;
    void bind_bytes(int at, std::string_view) override;
    void bind_integer(int at, long long) override;
    bool next() override;
    void send() override;
    [[nodiscard]] std::string_view bytes(int at) const override { return result_.bytes(row_, at); }
    [[nodiscard]] long long integer(int at) const override { return result_.integer(row_, at); }
    [[nodiscard]] long long changes() const override { return changes_; }
    void reset() noexcept override;

private:
    struct value {
        parameter sent;   // without data: those of `own`, which may move until they are sent
        std::string own;  // digits, or text that does not stay with the caller
    };
    value& at_place(int at);
    void queue();

    connection& connection_;
    std::string text_;
    std::string name_;
    unsigned made_in_ = 0;
    std::vector<value> values_;
    std::vector<parameter> parameters_;
    query_result result_;
    bool ran_ = false;
    int row_ = -1;
    long long changes_ = 0;
};

// The statement with PostgreSQL's parameters: `?` becomes $1, $2, ..., and `?2` becomes $2. What
// stands between quotes is left as it is.
[[nodiscard]] std::string with_numbered_parameters(std::string_view text);

}  // namespace kommpass::idp::store::postgresql
