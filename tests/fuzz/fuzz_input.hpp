#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

// What a target states of its parser: a broken promise ends the run as a finding.
inline void promise(bool kept) {
    if (!kept) std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}
