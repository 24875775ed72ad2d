#pragma once

#include "config/settings.hpp"
#include "policies/registry_files.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kommpass::idp::registry {

// The registry's TOML files below `folder`, sorted by path. Files over 1 MiB and unreadable ones
// are mistakes.
[[nodiscard]] result<std::vector<policies::source_file>, config::mistakes> read_folder(
    const std::filesystem::path& folder);

// Replaces the registry's files below `folder`: writes each beside and renames it, removes *.toml
// files of `members`, `applications` and `mappings` that are no longer part of it. The error is a
// sentence.
[[nodiscard]] result<void, std::string> write_folder(const std::filesystem::path& folder,
                                                     const std::vector<policies::source_file>&);

}  // namespace kommpass::idp::registry
