#pragma once

#include "idp/store/sqlite_store.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace kommpass::tests {

// A folder for one test, with room for a store.
class store_folder {
public:
    store_folder() {
        auto name = (std::filesystem::temp_directory_path() / "kommpass-store-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path_ = name;
    }
    ~store_folder() { std::filesystem::remove_all(path_); }
    store_folder(const store_folder&) = delete;
    store_folder& operator=(const store_folder&) = delete;

    [[nodiscard]] std::filesystem::path file() const { return path_ / "store.db"; }

    [[nodiscard]] std::unique_ptr<idp::store::store> open(
        idp::store::sqlite_options options = {}) const {
        auto opened = idp::store::open_sqlite_store(file(), std::move(options));
        if (!opened) throw std::runtime_error(opened.error());
        return *std::move(opened);
    }

    // Runs SQL as another program would; the first column of the last row.
    std::string sql(const std::string& text) const {
        sqlite3* raw = nullptr;
        sqlite3_open(file().c_str(), &raw);
        const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle(raw, &sqlite3_close);
        std::string answer;
        char* message = nullptr;
        const auto take = [](void* out, int, char** values, char**) {
            *static_cast<std::string*>(out) = values[0] != nullptr ? values[0] : "";
            return 0;
        };
        if (sqlite3_exec(raw, text.c_str(), take, &answer, &message) != SQLITE_OK) {
            const std::string what = message != nullptr ? message : "?";
            sqlite3_free(message);
            throw std::runtime_error(what);
        }
        return answer;
    }

private:
    std::filesystem::path path_;
};

}  // namespace kommpass::tests
