#include "config/toml_section.hpp"

#include <doctest/doctest.h>

using namespace kommpass::config;
using namespace std::chrono_literals;

TEST_CASE("durations have a number and a unit, and nothing else") {
    CHECK(parse_duration("500ms") == 500ms);
    CHECK(parse_duration("3s") == 3s);
    CHECK(parse_duration("10m") == 10min);
    CHECK(parse_duration("2h") == 2h);
    CHECK(parse_duration("30d") == 24h * 30);
    for (const auto* wrong :
         {"", "3", "s", "-3s", "3 s", "3sec", "1.5h", "3S", "99999999999999999999s"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong).has_value());
    }
}

TEST_CASE("a duration is written with the largest unit that loses nothing, and reads back") {
    for (const auto one :
         {0ms, 1ms, 1500ms, 60'000ms, 90'000ms, 7'200'000ms, 86'400'000ms, 86'401'000ms}) {
        CHECK(parse_duration(duration_text(one)) == one);
    }
    CHECK(duration_text(7'200'000ms) == "2h");
    CHECK(duration_text(90'000ms) == "90s");
}

TEST_CASE("sizes are bytes, KiB or MiB") {
    CHECK(parse_size("512") == 512U);
    CHECK(parse_size("16KiB") == 16U * 1024);
    CHECK(parse_size("1MiB") == 1024U * 1024);
    CHECK_FALSE(parse_size("1MB").has_value());
    CHECK_FALSE(parse_size("16 KiB").has_value());
}

TEST_CASE("the nearest word is found for slips of the finger, and none for strangers") {
    const std::vector<std::string> known{"listen", "metrics", "openldap", "active-directory"};
    CHECK(nearest_word("lissen", known) == "listen");
    CHECK(nearest_word("lsiten", known) == "listen");
    CHECK(nearest_word("metric", known) == "metrics");
    CHECK(nearest_word("activedirectory", known) == "active-directory");
    CHECK_FALSE(nearest_word("zebra", known).has_value());
    CHECK_FALSE(nearest_word(std::string(500, 'x'), known).has_value());
}
