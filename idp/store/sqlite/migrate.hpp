#pragma once

#include "config/vocabulary/result.hpp"
#include "idp/store/sqlite/migrations.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace kommpass::idp::store::sqlite {

class connection;

// What marks a file as ours: `PRAGMA application_id`, "KOMP".
constexpr long long application_id = 0x4B4F4D50;

// Makes the file if there is none, and applies what is missing of `migrations` (numbered from 1,
// without a gap) in one transaction. Refuses, with a sentence for the operator and without touching
// the file: a file that is not ours, a schema that is newer than the last of `migrations`.
[[nodiscard]] result<void, std::string> prepare_file(const std::filesystem::path& file,
                                                     std::chrono::milliseconds busy_timeout,
                                                     std::span<const migration> migrations);

// What stands against using the file; empty if it is new or ours, and not newer than `newest`, the
// last of the migrations that are known.
[[nodiscard]] std::string objection(connection&, long long newest);

}  // namespace kommpass::idp::store::sqlite
