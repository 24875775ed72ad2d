#pragma once

#include "directory/ldap_handle.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace kommpass::directory {

class connect_workers;
class standing_refusal;

// `open_handle`, unless it is known that this would be refused: then that is said at once, and
// nobody is asked. What is known ends after some seconds, later a minute, with any change of the
// settings or of a file that they name, and when the operator says so
// (`connect_workers::try_again`). Blocks: for worker threads.
[[nodiscard]] result<ldap_handle, connect_failure> open_unless_refused(
    const directory_settings&, const std::string& url, purpose, const connect_workers&,
    connect_watch&, std::chrono::milliseconds limit, standing_refusal&);

}  // namespace kommpass::directory
