#include "idp/store/sqlite/prepared_statement.hpp"

#include "idp/store/sqlite/connection.hpp"

#include <sqlite3.h>

namespace kommpass::idp::store::sqlite {

prepared_statement::prepared_statement(connection& on, const char* text)
    : connection_(on), text_(text) {
    check(
        sqlite3_prepare_v3(on.handle(), text, -1, SQLITE_PREPARE_PERSISTENT, &prepared_, nullptr));
}

prepared_statement::~prepared_statement() { sqlite3_finalize(prepared_); }

void prepared_statement::check(int code) const {
    if (code != SQLITE_OK) connection_.fail(code, text_);
}

void prepared_statement::bind_text(int at, std::string_view text, bytes_are whose) {
    // A null pointer would be NULL, where an empty view means an empty text.
    const char* data = text.data() != nullptr ? text.data() : "";
    auto* const keeping = whose == bytes_are::kept ? SQLITE_STATIC : SQLITE_TRANSIENT;
    check(sqlite3_bind_text64(prepared_, at + 1, data, text.size(), keeping, SQLITE_UTF8));
}

void prepared_statement::bind_bytes(int at, std::string_view value) {
    const char* data = value.data() != nullptr ? value.data() : "";
    check(sqlite3_bind_blob64(prepared_, at + 1, data, value.size(), SQLITE_STATIC));
}

void prepared_statement::bind_integer(int at, long long value) {
    check(sqlite3_bind_int64(prepared_, at + 1, value));
}

bool prepared_statement::next() {
    const int code = sqlite3_step(prepared_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) check(code);
    return false;
}

void prepared_statement::send() {
    while (next()) {
    }
}

std::string_view prepared_statement::bytes(int at) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_, at));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared_, at));
    return data == nullptr ? std::string_view() : std::string_view(data, size);
}

long long prepared_statement::integer(int at) const { return sqlite3_column_int64(prepared_, at); }

long long prepared_statement::changes() const { return sqlite3_changes64(connection_.handle()); }

void prepared_statement::reset() noexcept { sqlite3_reset(prepared_); }

}  // namespace kommpass::idp::store::sqlite
