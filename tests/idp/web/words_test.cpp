#include "idp/web/browser_description.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "idp/web/local_time_text.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::idp::web;

TEST_CASE("English has exactly the keys of German, and Lower Sorbian none beside") {
    const auto& german = catalogue::of(language::de).own_texts();
    const auto& english = catalogue::of(language::en).own_texts();
    for (const auto& text : german) {
        CAPTURE(text.first);
        CHECK(english.contains(text.first));
        CHECK_FALSE(text.second.empty());
    }
    CHECK(german.size() == english.size());
    for (const auto& [key, words] : catalogue::of(language::dsb).own_texts())
        CHECK(german.contains(key));
}

TEST_CASE(
    "Lower Sorbian says that no speaker has checked it, and German stands in for what it lacks") {
    CHECK_FALSE(catalogue::of(language::dsb).checked_by_a_speaker());
    CHECK(catalogue::of(language::de).checked_by_a_speaker());
    CHECK(catalogue::of(language::dsb).text("sign_in.password") == "Gronidło");
    CHECK(catalogue::of(language::dsb).text("sessions.title") ==
          catalogue::of(language::de).text("sessions.title"));
}

TEST_CASE("whoever signs in in Lower Sorbian reads no German on the way to the password") {
    const auto& own = catalogue::of(language::dsb).own_texts();
    for (const auto& text : catalogue::of(language::de).own_texts()) {
        const auto& [key, words] = text;
        const bool on_the_way = key.find('.') == std::string::npos || key.starts_with("sign_in.") ||
                                key.starts_with("problem.") || key.starts_with("members.");
        if (!on_the_way) continue;
        CAPTURE(text.first);
        REQUIRE(own.contains(key));
        CHECK(own.at(key) != words);
    }
}

TEST_CASE(
    "the language is that of the request, else of the cookie, else of the browser, else German") {
    CHECK(choose_language("fr en", "", "de") == language::en);
    CHECK(choose_language("fr en", "de", "en") == language::de);  // chosen by the person
    CHECK(choose_language("fr", "dsb", "en") == language::dsb);
    CHECK(choose_language("", "xx", "fr-FR, en-GB;q=0.8, de") == language::en);
    CHECK(choose_language("", "", "") == language::de);
    CHECK(choose_language("DE-AT", "", "") == language::de);
    CHECK(choose_language(std::string(100'000, ' '), "", std::string(100'000, ',')) ==
          language::de);
}

TEST_CASE("local time follows the rule of the EU") {
    CHECK(local_time_text(from_unix_seconds(1'795'246'800), language::de) ==
          "21.11.2026, 08:40");  // winter
    CHECK(local_time_text(from_unix_seconds(1'774'745'999), language::de) ==
          "29.03.2026, 01:59");  // the last second before
    CHECK(local_time_text(from_unix_seconds(1'774'746'000), language::de) == "29.03.2026, 03:00");
    CHECK(local_time_text(from_unix_seconds(1'792'889'999), language::en) == "25 Oct 2026, 02:59");
    CHECK(local_time_text(from_unix_seconds(1'792'890'000), language::en) == "25 Oct 2026, 02:00");
}

TEST_CASE("a browser is described as people know it") {
    CHECK(
        browser_description("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0",
                            language::de) == "Firefox unter Windows");
    CHECK(browser_description(
              "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit Chrome/120 Safari/537 Edg/120",
              language::en) == "Edge on Linux");
    CHECK(browser_description("\xff<script>", language::de) == "Unbekannter Browser");
}
