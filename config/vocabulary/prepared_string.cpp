#include "config/vocabulary/prepared_string.hpp"

#include "config/vocabulary/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>

namespace kommpass {
namespace {

enum class letter_case { kept, folded };

struct free_bytes {
    void operator()(utf8proc_uint8_t* bytes) const noexcept { std::free(bytes); }
};

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Hands out one character after the other of well-formed UTF-8, with its bytes.
template <class Take>
void for_each_character(std::string_view utf8, Take take) {
    while (!utf8.empty()) {
        utf8proc_int32_t character = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                           static_cast<utf8proc_ssize_t>(utf8.size()), &character);
        take(character, utf8.substr(0, static_cast<std::size_t>(size)));
        utf8.remove_prefix(static_cast<std::size_t>(size));
    }
}

// What a character becomes before anything else (RFC 4518, 2.2), by its general category in the
// Unicode of today: RFC 4518 lists those of Unicode 3.2.
enum class mapped { itself, space, nothing };

mapped map_of(utf8proc_int32_t character) {
    constexpr utf8proc_int32_t next_line = 0x85;
    constexpr utf8proc_int32_t object_replacement = 0xfffc;
    if ((character >= '\t' && character <= '\r') || character == next_line) return mapped::space;
    if (character == object_replacement) return mapped::nothing;
    const auto* const property = utf8proc_get_property(character);
    switch (property->category) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return mapped::space;
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
            return mapped::nothing;
        default:
            return property->ignorable ? mapped::nothing : mapped::itself;
    }
}

std::string map(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    for_each_character(utf8, [&](utf8proc_int32_t character, std::string_view bytes) {
        const auto to = map_of(character);
        if (to == mapped::space)
            out.push_back(' ');
        else if (to == mapped::itself)
            out.append(bytes);
    });
    return out;
}

std::string normalised(std::string_view utf8, letter_case wanted) {
    int options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    if (wanted == letter_case::folded) options |= UTF8PROC_CASEFOLD;
    utf8proc_uint8_t* made = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                   static_cast<utf8proc_ssize_t>(utf8.size()), &made,
                                   static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, free_bytes> owned(made);
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    if (size < 0) throw std::logic_error(utf8proc_errmsg(size));
    return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

bool is_combining(utf8proc_int32_t character) {
    const auto category = utf8proc_category(character);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_ME;
}

// A space that carries a combining mark is a character like others (RFC 4518, 2.6.1).
std::string without_insignificant_spaces(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    std::size_t spaces = 0;
    for_each_character(utf8, [&](utf8proc_int32_t character, std::string_view bytes) {
        if (character == ' ') {
            ++spaces;
            return;
        }
        const bool carries = spaces > 0 && is_combining(character);
        if (!out.empty() && spaces > (carries ? 1U : 0U)) out.push_back(' ');
        if (carries) out.push_back(' ');
        spaces = 0;
        out.append(bytes);
    });
    return out;
}

// Each byte by itself: for ASCII, and for what is no UTF-8. There control characters stay: without
// them, what is around them could become UTF-8.
std::string by_bytes(std::string_view bytes, letter_case wanted) {
    const bool drops_controls = is_ascii(bytes);
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_space = c == ' ' || (byte >= '\t' && byte <= '\r');
        if (is_space) {
            if (!out.empty() && out.back() != ' ') out.push_back(' ');
        } else if (!drops_controls || (byte >= 0x20 && byte != 0x7f)) {
            const bool folds = wanted == letter_case::folded && c >= 'A' && c <= 'Z';
            out.push_back(folds ? static_cast<char>(c - 'A' + 'a') : c);
        }
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string prepare(std::string_view text, letter_case wanted) {
    if (is_ascii(text) || !is_utf8(text)) return by_bytes(text, wanted);
    auto name = normalised(map(text), letter_case::kept);
    // Marks must stand in their order before case is folded: a iota below is a mark, and folds to a
    // letter.
    if (wanted == letter_case::folded) name = normalised(name, letter_case::folded);
    return without_insignificant_spaces(name);
}

}  // namespace

std::string prepared(std::string_view utf8) { return prepare(utf8, letter_case::folded); }

std::string prepared_keeping_case(std::string_view utf8) {
    return prepare(utf8, letter_case::kept);
}

}  // namespace kommpass
