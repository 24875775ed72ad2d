#pragma once

#include "config/vocabulary/result.hpp"
#include "config/vocabulary/secret_string.hpp"

#include <string>

namespace kommpass::config {

struct secret_error {
    std::string message;  // names the source, never the secret
};

// A secret that settings name but never hold: the first line of a file (a systemd credential, say),
// or an environment variable. A byte order mark before UTF-8 is skipped; UTF-16 is an error that
// says so. `file` wins if both are given. The error is a sentence that names the
// source and never the secret. Blocks: for start-up and worker threads.
[[nodiscard]] result<secret_string, secret_error> read_secret(const std::string& file,
                                                              const std::string& variable);

}  // namespace kommpass::config
