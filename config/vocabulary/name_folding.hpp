#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// A name as people search it: prepared (RFC 4518), and every letter by its base letter (ä a, ß ss,
// ś s, ł l, ó o, ...), so that "chosebuz" finds "Chóśebuz" and "zly komorow" finds "Zły Komorow".
// Idempotent. For searching and sorting, never for deciding who is who: that is `prepared`.
[[nodiscard]] std::string folded_name(std::string_view utf8);

// Lower case for ASCII letters; nothing else changes. For what has no others: attribute names,
// entryUUIDs, protocol words.
[[nodiscard]] std::string lower_case(std::string_view ascii);

}  // namespace kommpass
