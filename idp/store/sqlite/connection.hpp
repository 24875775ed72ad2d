#pragma once

#include "idp/store/sql/database.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;

namespace kommpass::idp::store::sqlite {

// Nothing is written, and no file is made beside the database's.
struct look_only {};

// One connection to the database file, owned by one thread at a time. Throws `engine_failure` where
// SQLite fails, `std::invalid_argument` where a value breaks a constraint (a bug of the caller).
class connection final : public sql::database {
public:
    // Opens an existing file. A lock that another process holds is waited for up to `busy_timeout`.
    connection(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);
    connection(const std::filesystem::path& file, look_only);

    void execute(const char* sql);
    [[nodiscard]] long long integer(const char* sql);  // the first column of the first row

    [[nodiscard]] std::unique_ptr<sql::prepared> prepare(const char* text) override;
    // Who shares a file is on one machine, with one clock.
    [[nodiscard]] instant shared_time(instant callers) override { return callers; }

    // SQLite undoes a transaction by itself after some failures.
    [[nodiscard]] bool in_transaction() const noexcept;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    struct close {
        void operator()(sqlite3*) const noexcept;
    };
    static int wait_for_lock(void* self, int attempts) noexcept;
    void open(const std::string& name, int flags);

    std::unique_ptr<sqlite3, close> handle_;
    std::unique_ptr<std::chrono::milliseconds> busy_timeout_;  // its address is SQLite's to keep
};

}  // namespace kommpass::idp::store::sqlite
