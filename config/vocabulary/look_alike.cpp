#include "config/vocabulary/look_alike.hpp"

#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"

#include <utf8proc.h>

#include <array>
#include <utility>

namespace kommpass {
namespace {

using character = utf8proc_int32_t;

// Hands out each character of well-formed UTF-8.
template <class Take>
void for_each_character(std::string_view utf8, Take take) {
    while (!utf8.empty()) {
        character one = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                           static_cast<utf8proc_ssize_t>(utf8.size()), &one);
        take(one);
        utf8.remove_prefix(static_cast<std::size_t>(size));
    }
}

bool is_letter(character one) {
    switch (utf8proc_category(one)) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
            return true;
        default:
            return false;
    }
}

// The letter below accent and stroke.
character bare(character one) {
    constexpr std::array<std::pair<character, char>, 6> with_stroke{
        {{U'ł', 'l'}, {U'đ', 'd'}, {U'ø', 'o'}, {U'ħ', 'h'}, {U'ŧ', 't'}, {U'ı', 'i'}}};
    for (const auto& [letter, below] : with_stroke) {
        if (one == letter) return below;
    }
    std::array<character, 18> parts{};  // the longest decomposition of Unicode
    int boundary = 0;
    const auto size =
        utf8proc_decompose_char(one, parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &boundary);
    return size > 0 ? parts.front() : one;
}

char drawn(char one) {
    if (one == '0') return 'o';
    return one == '1' || one == 'i' || one == 'j' ? 'l' : one;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}  // namespace

bool has_latin_letters_only(std::string_view utf8) {
    if (!is_utf8(utf8)) return false;
    bool only = true;
    for_each_character(utf8, [&](character one) {
        const bool latin = one < 0x80 || (one >= 0xc0 && one <= 0x24f);
        if (is_letter(one) && !latin) only = false;
    });
    return only;
}

std::string look_alike(std::string_view utf8) {
    const auto name = prepared(utf8);
    if (!is_utf8(name)) return name;
    std::string left;
    for_each_character(name, [&](character given) {
        const auto one = bare(given);
        const auto category = utf8proc_category(one);
        if (!is_letter(one) && category != UTF8PROC_CATEGORY_ND) return;
        if (one < 0x80) return left.push_back(drawn(static_cast<char>(one)));
        std::array<utf8proc_uint8_t, 4> bytes{};
        const auto size = utf8proc_encode_char(one, bytes.data());
        left.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
    });
    replace_all(left, "rn", "m");
    replace_all(left, "vv", "w");
    return left;
}

}  // namespace kommpass
