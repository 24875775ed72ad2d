#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// Whether every letter is one of Latin script as German, Sorbian, Polish and Czech write it (ASCII
// and U+00C0 to U+024F): the letters of other scripts can look like these and be others. False for
// what is no UTF-8.
[[nodiscard]] bool has_latin_letters_only(std::string_view utf8);

// What is left of a name for whoever reads it in passing: prepared (RFC 4518), without accents and
// strokes, without blanks and punctuation, and with one sign for those that are drawn alike: 0 and
// o; 1, i, j and l; rn and m; vv and w. Names with the equal string can be taken for each other;
// unequal ones can still be. Empty for what has no letters and digits.
[[nodiscard]] std::string look_alike(std::string_view utf8);

}  // namespace kommpass
