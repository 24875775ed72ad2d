#include "config/vocabulary/name_folding.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace kommpass {
namespace {

using letter = std::pair<std::string_view, std::string_view>;

// Capital and small letters beyond ASCII that German, Upper and Lower Sorbian, Polish and Czech
// names use.
constexpr std::array<letter, 40> small_letters{{
    {"Ä", "ä"}, {"Ö", "ö"}, {"Ü", "ü"}, {"ẞ", "ß"}, {"Á", "á"}, {"Ą", "ą"}, {"Č", "č"}, {"Ć", "ć"},
    {"Ç", "ç"}, {"Ď", "ď"}, {"É", "é"}, {"È", "è"}, {"Ě", "ě"}, {"Ę", "ę"}, {"Í", "í"}, {"Ł", "ł"},
    {"Ń", "ń"}, {"Ň", "ň"}, {"Ñ", "ñ"}, {"Ó", "ó"}, {"Ô", "ô"}, {"Ŕ", "ŕ"}, {"Ř", "ř"}, {"Š", "š"},
    {"Ś", "ś"}, {"Ť", "ť"}, {"Ú", "ú"}, {"Ů", "ů"}, {"Ý", "ý"}, {"Ž", "ž"}, {"Ź", "ź"}, {"Ż", "ż"},
    {"Ø", "ø"}, {"Å", "å"}, {"À", "à"}, {"Â", "â"}, {"Ê", "ê"}, {"Ë", "ë"}, {"Ï", "ï"}, {"Ő", "ő"},
}};

constexpr std::array<letter, 41> base_letters{{
    {"ä", "a"}, {"ö", "o"}, {"ü", "u"}, {"ß", "ss"}, {"á", "a"}, {"ą", "a"}, {"č", "c"},
    {"ć", "c"}, {"ç", "c"}, {"ď", "d"}, {"é", "e"},  {"è", "e"}, {"ě", "e"}, {"ę", "e"},
    {"í", "i"}, {"ł", "l"}, {"ń", "n"}, {"ň", "n"},  {"ñ", "n"}, {"ó", "o"}, {"ô", "o"},
    {"ŕ", "r"}, {"ř", "r"}, {"š", "s"}, {"ś", "s"},  {"ť", "t"}, {"ú", "u"}, {"ů", "u"},
    {"ý", "y"}, {"ž", "z"}, {"ź", "z"}, {"ż", "z"},  {"ø", "o"}, {"å", "a"}, {"à", "a"},
    {"â", "a"}, {"ê", "e"}, {"ë", "e"}, {"ï", "i"},  {"ő", "o"}, {"–", "-"},
}};

std::size_t sequence_length(char first) {
    const auto byte = static_cast<std::uint8_t>(first);
    if (byte < 0xc0) return 1;
    if (byte < 0xe0) return 2;
    return byte < 0xf0 ? 3 : 4;
}

template <std::size_t Size>
std::string_view mapped(const std::array<letter, Size>& table, std::string_view one) {
    for (const auto& [from, to] : table) {
        if (from == one) return to;
    }
    return one;
}

template <class Map>
std::string transformed(std::string_view text, const Map& map) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (static_cast<std::uint8_t>(c) < 0x80) {
            out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
            ++at;
            continue;
        }
        const auto one = text.substr(at, sequence_length(c));
        out.append(map(one));
        at += one.size();
    }
    return out;
}

}  // namespace

std::string lower_case(std::string_view utf8) {
    return transformed(utf8, [](std::string_view one) { return mapped(small_letters, one); });
}

std::string folded_name(std::string_view utf8) {
    return transformed(utf8, [](std::string_view one) {
        return mapped(base_letters, mapped(small_letters, one));
    });
}

}  // namespace kommpass
