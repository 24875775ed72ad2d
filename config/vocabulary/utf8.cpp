#include "config/vocabulary/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace kommpass {
namespace {

unsigned char at(std::string_view bytes, std::size_t i) noexcept {
    return static_cast<unsigned char>(bytes[i]);
}

bool between(unsigned char c, unsigned low, unsigned high) noexcept {
    return c >= low && c <= high;
}

bool continued(std::string_view bytes, std::size_t from, std::size_t length) noexcept {
    if (bytes.size() < length) return false;
    for (std::size_t i = from; i < length; ++i) {
        if (!between(at(bytes, i), 0x80, 0xbf)) return false;
    }
    return true;
}

}  // namespace

// The table of RFC 3629, section 4, row by row.
std::size_t utf8_sequence(std::string_view bytes) noexcept {
    if (bytes.empty()) return 0;
    const auto first = at(bytes, 0);
    if (first < 0x80) return 1;
    if (bytes.size() < 2) return 0;
    const auto second = at(bytes, 1);
    if (between(first, 0xc2, 0xdf)) return continued(bytes, 1, 2) ? 2 : 0;
    if (between(first, 0xe0, 0xef)) {
        if (first == 0xe0 && second < 0xa0) return 0;
        if (first == 0xed && second > 0x9f) return 0;
        return continued(bytes, 1, 3) ? 3 : 0;
    }
    if (between(first, 0xf0, 0xf4)) {
        if (first == 0xf0 && second < 0x90) return 0;
        if (first == 0xf4 && second > 0x8f) return 0;
        return continued(bytes, 1, 4) ? 4 : 0;
    }
    return 0;
}

std::size_t utf8_length(std::string_view bytes) noexcept {
    std::size_t count = 0;
    while (!bytes.empty()) {
        const auto length = utf8_sequence(bytes);
        bytes.remove_prefix(length == 0 ? 1 : length);
        ++count;
    }
    return count;
}

bool is_utf8(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        if (bytes.size() >= 8) {  // eight ASCII bytes at once
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), sizeof word);
            if ((word & 0x8080808080808080U) == 0) {
                bytes.remove_prefix(8);
                continue;
            }
        }
        const auto length = utf8_sequence(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

}  // namespace kommpass
