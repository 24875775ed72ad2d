#include "config/vocabulary/name_folding.hpp"

#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <utility>

namespace kommpass {
namespace {

struct free_bytes {
    void operator()(utf8proc_uint8_t* bytes) const noexcept { std::free(bytes); }
};

// Letters that Unicode does not take apart, since their mark is part of the letter.
using letter = std::pair<std::string_view, char>;
constexpr std::array<letter, 4> base_letters{{{"ł", 'l'}, {"ø", 'o'}, {"đ", 'd'}, {"–", '-'}}};

std::string with_base_letters(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        std::size_t taken = 0;
        for (const auto& [from, to] : base_letters) {
            if (!utf8.starts_with(from)) continue;
            out.push_back(to);
            taken = from.size();
        }
        if (taken == 0) {
            out.push_back(utf8.front());
            taken = 1;
        }
        utf8.remove_prefix(taken);
    }
    return out;
}

std::string without_marks(const std::string& utf8) {
    utf8proc_uint8_t* made = nullptr;
    constexpr auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                   static_cast<utf8proc_ssize_t>(utf8.size()), &made, options);
    const std::unique_ptr<utf8proc_uint8_t, free_bytes> owned(made);
    if (size < 0) return utf8;
    return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

}  // namespace

std::string lower_case(std::string_view ascii) {
    std::string out(ascii);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string folded_name(std::string_view utf8) {
    auto name = prepared(utf8);
    if (!is_utf8(name)) return name;
    return with_base_letters(prepared(without_marks(name)));
}

}  // namespace kommpass
