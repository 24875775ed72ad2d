#pragma once

#include <string>
#include <string_view>

namespace kommpass {

// String preparation of LDAP (RFC 4518): how two values of caseIgnoreMatch are compared, and the
// one form in which Kommpass counts, compares and looks up names. Equal names have the equal
// string:
//   map        tab, line ends and every separator (NBSP, U+2003, ...) become a space; control,
//              format and zero-width characters, soft hyphens and variation selectors go
//   normalise  NFKC: "ü" in one or two characters, full-width and compatibility forms
//   case       folded in full, as RFC 3454, B.2 has it: "Straße", "STRASSE" and "strasse" are one
//   spaces     none at either end, one where there are several (2.6.1, which writes two)
// Idempotent. Nothing is prohibited (2.4): unassigned and private characters count as themselves,
// since an old table of Unicode would make unequal what a directory holds to be different. Bytes
// that are no UTF-8 stay as they are but for ASCII case and spaces, and equal no UTF-8.
// At most 11 times as long as what was given.
[[nodiscard]] std::string prepared(std::string_view utf8);

// The same without the step of case: a name as it is shown, or sent to a server that decides by
// itself whether case counts.
[[nodiscard]] std::string prepared_keeping_case(std::string_view utf8);

}  // namespace kommpass
