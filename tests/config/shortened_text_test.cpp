#include "config/vocabulary/shortened_text.hpp"
#include "config/vocabulary/utf8.hpp"

#include <doctest/doctest.h>

using kommpass::is_utf8;
using kommpass::shortened;

TEST_CASE("what fits is shown as it is; what is longer ends in an ellipsis, within the bound") {
    CHECK(shortened("Anna Noack", 10) == "Anna Noack");
    CHECK(shortened("Anna Noacks", 10) == "Anna No…");
    CHECK(shortened("", 10).empty());
    CHECK(shortened("\xff\xfe", 10).empty());
    const std::string name(300, 'n');
    CHECK(shortened(name, 256) == std::string(253, 'n') + "…");
}

TEST_CASE("no letter loses its mark, and no emoji its family") {
    // "é" in two characters would end at byte 8: cut before it, not through it.
    CHECK(shortened("1234567e\u0301 und mehr", 12) == "1234567…");
    CHECK(shortened("1234567ä und mehr", 12) == "1234567ä…");
    const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";  // 18 bytes, one sign
    CHECK(shortened("ab" + family + "cdef", 20) == "ab…");
    CHECK(shortened("ab" + family + "cdef", 23) == "ab" + family + "…");
}

TEST_CASE("one cluster that alone is longer than the bound is cut between its code points") {
    std::string stacked = "a";
    for (int i = 0; i < 200; ++i) stacked += "\u0301";
    const auto cut = shortened(stacked, 256);
    CHECK(cut.size() <= 256);
    CHECK(cut.size() > 250);
    CHECK(is_utf8(cut));
    CHECK(cut.ends_with("…"));
}
