#pragma once

#include "idp/store/sql/database.hpp"

struct sqlite3_stmt;

namespace kommpass::idp::store::sqlite {

class connection;

// SQLite's prepared statement, kept for as long as the connection.
class prepared_statement final : public sql::prepared {
public:
    prepared_statement(connection& on, const char* text);
    ~prepared_statement() override;
    prepared_statement(const prepared_statement&) = delete;
    prepared_statement& operator=(const prepared_statement&) = delete;

    void bind_text(int at, std::string_view, bytes_are) override;
    void bind_bytes(int at, std::string_view) override;
    void bind_integer(int at, long long) override;
    bool next() override;
    void send() override;
    [[nodiscard]] std::string_view bytes(int at) const override;
    [[nodiscard]] long long integer(int at) const override;
    [[nodiscard]] long long changes() const override;
    void reset() noexcept override;

private:
    void check(int code) const;

    connection& connection_;
    const char* text_;
    sqlite3_stmt* prepared_ = nullptr;
};

}  // namespace kommpass::idp::store::sqlite
