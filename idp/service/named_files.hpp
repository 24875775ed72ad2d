#pragma once

#include "config/vocabulary/directory_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

// Files that settings and documents name, looked at before anybody needs them. Each says what is
// wrong, with the file and the remedy; empty if nothing is.
namespace kommpass::idp::service {

[[nodiscard]] bool is_ip_address(const std::string& text);
// A PEM file of certificates; an empty name is none, and right.
[[nodiscard]] std::string wrong_with_authorities(const std::string& file);
// Bind password, CA, client certificate and key of a member's directory.
[[nodiscard]] std::vector<std::string> wrong_files_of(const directory_settings&);

}  // namespace kommpass::idp::service
