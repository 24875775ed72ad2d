#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/domain_name.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass;

TEST_CASE("RFC 4518, 2.2: what is not seen does not count, and whatever separates is a space") {
    for (const auto* spelling :
         {"anna noack", " anna noack ", "\tanna noack\r\n", "anna  noack", "anna\u00a0noack",
          "\u2003anna\u3000noack", "an\u200bna no\u00adack", "\ufeffanna noack\u200d",
          "anna\u2028noack", "anna\u0085noack", "anna noack\u2060", "an\ufe0fna noack",
          "an\u034fna noack\ufffc", "\u202eanna noack\u202c", "anna\u0001 noack"}) {
        CAPTURE(spelling);
        CHECK(prepared(spelling) == "anna noack");
    }
}

TEST_CASE("RFC 4518, 2.3: composed or not, full-width, compatibility forms and case are one") {
    CHECK(prepared("Straßenverkehrsbeho\u0308rde") == prepared("Straßenverkehrsbehörde"));
    CHECK(prepared("STRASSE") == prepared("straße"));
    CHECK(prepared("ẞ") == "ss");
    CHECK(prepared("ＡＮＮＡ．ＮＯＡＣＫ＠ｌｅｂｕｓ") == "anna.noack@lebus");
    CHECK(prepared("ﬁnanzen") == "finanzen");
    CHECK(prepared("Šołćina") == prepared("S\u030cOŁC\u0301INA"));
    CHECK(prepared("ΣΊΣΥΦΟΣ") == prepared("σίσυφος"));
    CHECK(prepared("müller") != prepared("muller"));
    CHECK(prepared("mueller") != prepared("müller"));
}

TEST_CASE("RFC 4518, 2.6.1: a space that carries a mark is a character, others may be many") {
    CHECK(prepared("a  \u0308") == "a  \u0308");
    CHECK(prepared(" \u0308 a") == " \u0308 a");
    CHECK(prepared("   ") == "");
    CHECK(prepared("\u200b") == "");
    CHECK(prepared("") == "");
}

TEST_CASE("preparing twice changes nothing, and case is kept where it is the server's") {
    for (const auto* text : {"ǰ", "ΐ", "İstanbul", "\u0345\u0300", "ᾳ", "ﬃ", "㏂", "™",
                             "\u1e9b\u0323", "\u00a8", "ﷺ", "\u1100\u1161\u11a8"}) {
        CAPTURE(text);
        CHECK(prepared(prepared(text)) == prepared(text));
        CHECK(prepared_keeping_case(prepared_keeping_case(text)) == prepared_keeping_case(text));
    }
    CHECK(prepared_keeping_case("\u00a0Anna\u200b Noack\t") == "Anna Noack");
}

TEST_CASE("bytes that are no UTF-8 stay themselves, and equal nothing that is") {
    CHECK(prepared("A\xff  b") == "a\xff b");
    CHECK(prepared("\xc3") == "\xc3");
    CHECK(prepared("m\xfcller") != prepared("müller"));
}

TEST_CASE("a domain with umlauts and its A-labels are one") {
    CHECK(comparable_domain("amt-lübben.example") == "xn--amt-lbben-u9a.example");
    CHECK(comparable_domain("XN--AMT-LBBEN-U9A.Example") == "xn--amt-lbben-u9a.example");
    CHECK(comparable_domain("Amt-Lu\u0308bben.EXAMPLE.") == "xn--amt-lbben-u9a.example");
    CHECK(comparable_domain("\u00a0amt－lübben。example ") == "xn--amt-lbben-u9a.example");
    CHECK(comparable_domain("straße.example") == "xn--strae-oqa.example");  // IDNA 2008, not 2003
    CHECK(comparable_domain("Lebus.Example") == "lebus.example");
    CHECK(comparable_domain("KOMMUNE") == "kommune");
    CHECK(comparable_domain("").empty());
    for (const auto* text : {"ü", "xn--", "xn--ü.example", ".", "..", "ü..example", "a b", "\xff",
                             "ẞ\u0301.example", "\u0308.example"}) {
        CAPTURE(text);
        CHECK(comparable_domain(comparable_domain(text)) == comparable_domain(text));
    }
    const std::string long_name(5000, 'x');
    CHECK(comparable_domain(long_name + "ü").size() > 5000);
}
