#include "config/vocabulary/shortened_text.hpp"

#include "config/vocabulary/utf8.hpp"

#include <utf8proc.h>

namespace kommpass {
namespace {

constexpr std::string_view ellipsis = "…";

// Where the last grapheme cluster ends that `room` bytes hold; 0 if they hold none.
std::size_t last_cluster_end(std::string_view utf8, std::size_t room) {
    utf8proc_int32_t before = 0;
    utf8proc_int32_t state = 0;
    std::size_t end = 0;
    std::size_t at = 0;
    while (at <= room && at < utf8.size()) {
        utf8proc_int32_t character = 0;
        const auto size =
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data() + at),
                             static_cast<utf8proc_ssize_t>(utf8.size() - at), &character);
        if (size <= 0) break;
        if (at > 0 && utf8proc_grapheme_break_stateful(before, character, &state)) end = at;
        before = character;
        at += static_cast<std::size_t>(size);
    }
    return end;
}

std::size_t last_character_end(std::string_view utf8, std::size_t room) {
    std::size_t end = 0;
    for (auto size = utf8_sequence(utf8); size > 0 && end + size <= room;
         size = utf8_sequence(utf8.substr(end)))
        end += size;
    return end;
}

}  // namespace

std::string shortened(std::string_view utf8, std::size_t most) {
    if (!is_utf8(utf8)) return {};
    if (utf8.size() <= most) return std::string(utf8);
    const auto room = most - ellipsis.size();
    auto end = last_cluster_end(utf8, room);
    if (end == 0) end = last_character_end(utf8, room);
    return std::string(utf8.substr(0, end)) + std::string(ellipsis);
}

}  // namespace kommpass
