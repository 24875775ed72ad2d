#pragma once

#include "idp/store/store.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace kommpass::idp::store {

// Where a store is: a SQLite file, or a PostgreSQL database if there is a URL.
struct store_place {
    std::filesystem::path file;
    std::string url;                 // postgresql://...; empty: the file
    unsigned write_connections = 2;  // to PostgreSQL
    unsigned read_connections = 4;

    // For messages; holds nothing secret.
    [[nodiscard]] std::string shown() const { return url.empty() ? file.string() : url; }
};

struct open_options {
    std::size_t waiting_bound = 100'000;  // units of work; writes and reads each
    // As in sqlite_options and postgresql_options.
    std::function<void(const std::string&)> report{};
    std::function<void(bool fails)> writing{};
    std::function<void(bool fails)> reading{};
    std::function<void(const char* what, const std::string& why)> noticed{};
};

// Opens either engine. The error is a sentence for the operator.
[[nodiscard]] result<std::unique_ptr<store>, std::string> open_store(const store_place&,
                                                                     open_options = {});

// What a store holds.
struct store_look {
    bool begins_anew = true;     // opening it makes a new store
    long long revision = 0;      // the newest one's number; 0: none yet
    std::string documents_json;  // its documents
    std::string weakness;        // a sentence on what is set up so that it may lose; empty: nothing
};

// Looks at a store without making, migrating, locking or changing anything, also beside running
// servers. The error is a sentence for the operator, as `open_store` would give it. Blocks.
[[nodiscard]] result<store_look, std::string> look_at_store(const store_place&);

}  // namespace kommpass::idp::store
