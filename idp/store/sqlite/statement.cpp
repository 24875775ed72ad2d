#include "idp/store/sqlite/statement.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>

namespace kommpass::idp::store::sqlite {

long long hash_key(std::string_view hash) noexcept {
    std::uint64_t key = 0;
    for (const char byte : hash.substr(0, sizeof key))
        key = key << 8 | static_cast<unsigned char>(byte);
    return static_cast<long long>(key);
}

statement::~statement() { sqlite3_finalize(prepared_); }

void statement::prepare() {
    check(sqlite3_prepare_v3(connection_.handle(), sql_, -1, SQLITE_PREPARE_PERSISTENT, &prepared_,
                             nullptr));
}

void statement::bind(int at, std::string_view text) {
    // A null pointer would be NULL, where an empty view means an empty text.
    const char* data = text.data() != nullptr ? text.data() : "";
    check(sqlite3_bind_text64(prepared_, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind(int at, blob value) {
    const char* data = value.bytes.data() != nullptr ? value.bytes.data() : "";
    check(sqlite3_bind_blob64(prepared_, at, data, value.bytes.size(), SQLITE_STATIC));
}

void statement::bind(int at, long long value) { check(sqlite3_bind_int64(prepared_, at, value)); }

void statement::bind(int at, const std::vector<std::string>& words) {
    if (words.size() == 1) return bind(at, std::string_view(words.front()));
    std::string joined;
    for (const auto& word : words) {
        if (!joined.empty()) joined += ' ';
        joined += word;
    }
    check(sqlite3_bind_text64(prepared_, at, joined.data(), joined.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8));
}

rows::~rows() { sqlite3_reset(of_.prepared_); }

bool rows::next() {
    const int code = sqlite3_step(of_.prepared_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) of_.check(code);
    return false;
}

std::string_view rows::view(int at) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(of_.prepared_, at));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(of_.prepared_, at));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

void rows::get(int at, std::string& value) const { value = view(at); }
void rows::get(int at, long long& value) const { value = sqlite3_column_int64(of_.prepared_, at); }
void rows::get(int at, bool& value) const { value = sqlite3_column_int(of_.prepared_, at) != 0; }
void rows::get(int at, instant& value) const {
    value = instant(std::chrono::milliseconds(sqlite3_column_int64(of_.prepared_, at)));
}

void rows::get(int at, std::vector<std::string>& words) const {
    words.clear();
    auto rest = view(at);
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

}  // namespace kommpass::idp::store::sqlite
