#pragma once

#include "directory/ldap_handle.hpp"
#include "directory/line/tcp_race.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace kommpass::directory {

// From a connected descriptor to a handle that may be used: StartTLS, TLS, the service account's
// bind, as settings and purpose want them. Everything that is wrong is told. Blocks until `until`
// at most.
[[nodiscard]] result<ldap_handle, std::vector<connect_fault>> open_over(
    owned_descriptor, const directory_settings&, const std::string& url, purpose,
    std::chrono::steady_clock::time_point until, std::int64_t now_unix_seconds, opening_steps&);

}  // namespace kommpass::directory
