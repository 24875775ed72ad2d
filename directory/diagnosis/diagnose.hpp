#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/identity.hpp"
#include "directory/diagnosis/report.hpp"
#include "directory/diagnosis/server_lockout.hpp"

#include <optional>
#include <string>

namespace kommpass::directory {
class address_book;
}

namespace kommpass::directory::diagnosis {

struct diagnosed {
    report said;
    std::optional<identity> who;            // the person who was asked for, if found
    std::optional<server_lockout> lockout;  // when the server locks accounts, if it tells
};

// Goes through one member's directory step by step: each server's name, TCP, TLS and service
// account; then, on those that work, bases, persons, groups, limits, clock, and one person if
// `user_name` is not empty. Blocks, for the command line or a worker thread; every step is bounded
// by the settings' own limits.
[[nodiscard]] diagnosed diagnose(const member_slug&, const directory_settings&,
                                 const std::string& user_name, const address_book&, const clock&);

}  // namespace kommpass::directory::diagnosis
