#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// A name as people search and compare it: lower case, and the letters of German and the Sorbian
// languages by their base letters (ä a, ß ss, ś s, ł l, ó o, ...), so that "chosebuz" finds
// "Chóśebuz" and "zly komorow" finds "Zły Komorow". Other letters keep their bytes. Idempotent. For
// searching, sorting and throttling, never for deciding who is who.
[[nodiscard]] std::string folded_name(std::string_view utf8);

// Lower case for ASCII, Latin-1 and Latin Extended-A letters; nothing else changes. How directory
// attributes that ignore case (caseIgnoreMatch) are compared.
[[nodiscard]] std::string lower_case(std::string_view utf8);

}  // namespace kommpass
