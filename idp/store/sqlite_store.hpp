#pragma once

#include "idp/store/store.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace kommpass::idp::store {

struct sqlite_options {
    std::size_t waiting_bound = 100'000;  // units of work; writes and reads each
    std::size_t largest_batch = 512;      // writes in one commit
    // While writes come more than one at a time, commits begin at least this far apart, so that
    // each carries more of them. A write that comes alone never waits for it.
    std::chrono::microseconds pace{500};
    // How long a lock that another process holds (`kommpass registry apply`) is waited for.
    std::chrono::milliseconds busy_timeout{5'000};
    // Told of engine failures, in words, on an engine thread; of each kind once, until work
    // succeeds again. May be empty.
    std::function<void(const std::string&)> report{};
    // Told when writing, or reading, begins to fail and when it works again, on its thread: a full
    // disk is the first. May be empty.
    std::function<void(bool fails)> writing{};
    std::function<void(bool fails)> reading{};
};

// Opens the store in this file; makes the file (mode 0600) and its schema if there is none, and
// brings an older schema up to date. The error is a sentence for the operator: it names the file,
// what is wrong (no SQLite file, another program's, a newer Kommpass's) and the remedy.
// Several processes may have the same file open.
[[nodiscard]] result<std::unique_ptr<store>, std::string> open_sqlite_store(
    const std::filesystem::path& file, sqlite_options = {});

}  // namespace kommpass::idp::store
