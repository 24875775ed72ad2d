#pragma once

#include <cstdint>

namespace kommpass {

// The languages that the service speaks. Where a text has no Lower Sorbian, German stands in; the
// registry and the diagnosis of directories have German and English only.
enum class language : std::uint8_t { de, en, dsb };

}  // namespace kommpass
