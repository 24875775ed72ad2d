#pragma once

#include "config/vocabulary/secret_string.hpp"

#include <optional>

namespace kommpass {

// The password as most keyboards and systems would have sent it: NFC, as RFC 8265, 4.2.1 has it for
// passwords ("OpaqueString"). Nothing if it is that already, and for bytes that are no UTF-8.
[[nodiscard]] std::optional<secret_string> composed(const secret_string&);

}  // namespace kommpass
