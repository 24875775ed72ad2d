#include "idp/store/sqlite/connection.hpp"

#include "idp/store/sqlite/prepared_statement.hpp"
#include "idp/store/store.hpp"

#include <sqlite3.h>

#include <string>
#include <thread>

namespace kommpass::idp::store::sqlite {
namespace {

// The writer of a busy server lets go of the lock for a moment only between two commits: whoever
// waits for it asks often, instead of SQLite's own pauses of up to 100 ms.
constexpr std::chrono::microseconds lock_pause{200};

// A file's name as SQLite's URIs have it: what they take for signs of their own is escaped.
std::string uri_of(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char c : std::filesystem::absolute(file).string()) {
        if (c == '%')
            uri += "%25";
        else if (c == '?')
            uri += "%3f";
        else if (c == '#')
            uri += "%23";
        else
            uri.push_back(c);
    }
    return uri;
}

bool is_caller_bug(int code) {
    const int primary = code & 0xff;
    return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG ||
           primary == SQLITE_RANGE || primary == SQLITE_MISUSE || code == SQLITE_READONLY;
}

}  // namespace

void connection::close::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

connection::connection(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout)
    : busy_timeout_(std::make_unique<std::chrono::milliseconds>(busy_timeout)) {
    open(file.string(), SQLITE_OPEN_READWRITE);
}

// Without a log beside it nobody has the file open, and SQLite need not make one to read it.
connection::connection(const std::filesystem::path& file, look_only)
    : busy_timeout_(std::make_unique<std::chrono::milliseconds>(1'000)) {
    std::error_code missing;
    const auto log = std::filesystem::file_size(file.string() + "-wal", missing);
    const bool has_log = !missing && log > 0;
    open(uri_of(file) + (has_log ? "?mode=ro" : "?immutable=1"),
         SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

void connection::open(const std::string& name, int flags) {
    sqlite3* raw = nullptr;
    // The engine gives each connection to one thread, so SQLite's own locks are not needed.
    const int opened = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);
    if (opened != SQLITE_OK) fail(opened, "open");
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_handler(raw, &connection::wait_for_lock, busy_timeout_.get());
}

int connection::wait_for_lock(void* limit, int attempts) noexcept {
    if (attempts * lock_pause > *static_cast<const std::chrono::milliseconds*>(limit)) return 0;
    std::this_thread::sleep_for(lock_pause);
    return 1;
}

void connection::execute(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
}

long long connection::integer(const char* sql) {
    sqlite3_stmt* raw = nullptr;
    const int prepared = sqlite3_prepare_v2(handle_.get(), sql, -1, &raw, nullptr);
    if (prepared != SQLITE_OK) fail(prepared, sql);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(raw,
                                                                               &sqlite3_finalize);
    const int stepped = sqlite3_step(raw);
    if (stepped != SQLITE_ROW) fail(stepped, sql);
    return sqlite3_column_int64(raw, 0);
}

std::unique_ptr<sql::prepared> connection::prepare(const char* text) {
    return std::make_unique<prepared_statement>(*this, text);
}

bool connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

void connection::fail(int code, std::string_view doing) const {
    std::string text = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    text += " (SQLite " + std::to_string(code) + ") at: ";
    text += doing.substr(0, 80);
    if (is_caller_bug(code)) throw std::invalid_argument(text);
    throw engine_failure(text);
}

}  // namespace kommpass::idp::store::sqlite
