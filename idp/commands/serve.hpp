#pragma once

#include "idp/commands/commands.hpp"

#include <chrono>

namespace kommpass::idp::commands {

// `leave_grace`: how long it serves on, no longer ready, after it was told to end.
int serve(const settings_file&, const opening_asked&, std::chrono::seconds leave_grace);

}  // namespace kommpass::idp::commands
