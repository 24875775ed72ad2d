#include "config/vocabulary/look_alike.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kommpass;

TEST_CASE("names that are read alike have one form: case, blanks, accents, digits, pairs") {
    for (const auto* other : {"Cottbus", "COTTBUS", " cott bus", "Cott-bus", "C0ttbus", "Čottbus",
                              "Ćottbuś", "\uff23ottbus", "Cott\u200bbus", "Co\u0308ttbus"}) {
        CAPTURE(std::string(other));
        CHECK(look_alike(other) == look_alike("Cottbus"));
    }
    CHECK(look_alike("Zły Komorow") == look_alike("Zly Komorow"));
    CHECK(look_alike("Amt Lindow") == look_alike("Amt L1nd0vv"));
    CHECK(look_alike("Bernau") == look_alike("Bemau"));
    CHECK(look_alike("Stra\u00dfe") == look_alike("STRASSE"));
    CHECK(look_alike("Lebus") != look_alike("Lübbus"));
    CHECK(look_alike("Neustadt") != look_alike("Neustadt (Dosse)"));
    CHECK(look_alike("-- \u200b").empty());
    CHECK(look_alike(look_alike("Bernau j1")) == look_alike("Bernau j1"));
}

TEST_CASE("letters of other scripts are found wherever they stand") {
    CHECK(has_latin_letters_only("Chóśebuz / Cottbus, 03046"));
    CHECK(has_latin_letters_only("Zły Komorow – Žofija & Łukasz"));
    CHECK_FALSE(has_latin_letters_only("Leb\u0443s"));  // Cyrillic
    CHECK_FALSE(has_latin_letters_only("\u039bebus"));  // Greek
    CHECK_FALSE(has_latin_letters_only("Lebus\xff"));
}
