#pragma once

#include "config/settings.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/store/store.hpp"
#include "policies/registry.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace kommpass::idp::commands {

// Reads the settings, or prints every mistake to stderr.
[[nodiscard]] std::optional<config::settings> open_settings(const std::filesystem::path& file);
// Opens the store that the settings name, or prints why not.
[[nodiscard]] std::unique_ptr<store::store> open_store(const config::settings&);

// The signing keys from their place, or null and prints why not. Opens the store only where they
// are there.
[[nodiscard]] jose::key_ring_ptr open_keys(const config::settings&);
// A member's directory with its sealed password opened by the keys, or prints why not.
[[nodiscard]] std::optional<directory_settings> open_directory(const config::settings&,
                                                               const policies::member&);

void print(const config::mistakes&);
// One line on stderr; always 1, the exit code of a refusal.
int refuse(const std::string& reason);

// Who runs the command, for history and audit: the name of this process's user, and after a "/"
// that of whoever signed in to the machine, where they have become another since ("root/anna").
[[nodiscard]] std::string operator_name();

}  // namespace kommpass::idp::commands
