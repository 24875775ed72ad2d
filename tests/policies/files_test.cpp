#include "tests/policies/example_registry.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::policies;
using namespace kommpass::tests;

TEST_CASE("what is written reads back the same, and equal registries give equal bytes") {
    std::mt19937 random(33);
    for (int i = 0; i < 200; ++i) {
        const auto all = random_registry(random);
        const auto files = write_registry(all);
        const auto again = read_registry(files);
        if (!again) FAIL(again.error().front().to_string());
        CHECK(*again == all);
        const auto rewritten = write_registry(*again);
        CHECK(std::equal(
            files.begin(), files.end(), rewritten.begin(), rewritten.end(),
            [](const auto& a, const auto& b) { return a.path == b.path && a.text == b.text; }));
        CHECK(*from_json(to_json(all)) == all);
    }
}

TEST_CASE("each table of a document is written under its own heading") {
    const auto all = changed([](registry& r) {
        auto& lebus = r.members.at(member_slug("lebus"));
        lebus.directory.extra_attributes = {"initials", "st"};
        lebus.claims.nickname = "initials";
        lebus.claims.region = "st";
        r.members.at(member_slug("cottbus")).directory = {};  // only claims are left to write
        r.members.at(member_slug("cottbus")).claims.locale = "preferredLanguage";
    });
    const auto files = write_registry(all);
    const auto text_of = [&](const std::string& path) {
        return std::find_if(files.begin(), files.end(),
                            [&](const auto& one) { return one.path == path; })
            ->text;
    };
    const auto lebus = text_of("members/lebus.toml");
    CAPTURE(lebus);
    CHECK(lebus.find("\n[directory]\nurls = ") != std::string::npos);
    CHECK(lebus.find("\n[claims]\nnickname = \"initials\"\nregion = \"st\"\n") !=
          std::string::npos);
    CHECK(text_of("members/cottbus.toml").find("[directory]") == std::string::npos);
    const auto again = read_registry(files);
    if (!again) FAIL(again.error().front().to_string());
    CHECK(*again == all);
    CHECK(*from_json(to_json(all)) == all);
}

TEST_CASE("a revision that is no registry is refused") {
    for (const auto* wrong : {"", "[]", "{", R"({"members/a.toml":1})",
                              R"({"members/a.toml":"slug = 1"})", R"({"elsewhere/a.toml":""})"}) {
        CAPTURE(wrong);
        CHECK_FALSE(from_json(wrong).has_value());
    }
}

TEST_CASE("mistakes in files carry file and line, and all are told") {
    const auto read = read_registry(
        {{"members/lebus.toml",
          "slug = \"lebus\"\nnmae = \"Amt Lebus\"\n[directory]\nvendor = \"openldp\"\n"},
         {"applications/dms.toml", "key = \"dms\"\n[[role]]\nname = 7\n"},
         {"mappings/a.toml", "[[mapping]]\nid = \"a\"\n[[mapping]]\nid = \"a\"\n"},
         {"members/broken.toml", "slug = \n"},
         {"stray.toml", ""}});
    REQUIRE_FALSE(read.has_value());
    std::vector<std::string> lines;
    for (const auto& one : read.error()) lines.push_back(one.to_string());
    const auto told = [&](const std::string& start, const std::string& words) {
        return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
            return line.starts_with(start) && line.find(words) != std::string::npos;
        });
    };
    CHECK(told("members/lebus.toml:2: ", "did you mean \"name\"?"));
    CHECK(told("members/lebus.toml:4: ", "did you mean \"openldap\"?"));
    CHECK(told("applications/dms.toml:3: ", "text"));
    CHECK(told("mappings/a.toml:4: ", "defined twice"));
    CHECK(told("members/broken.toml:1: ", ""));
    CHECK(told("stray.toml: ", "belongs to none"));
}

TEST_CASE("arbitrary bytes never do worse than mistakes") {
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        std::string bytes(static_cast<std::size_t>(random() % 200), '\0');
        for (auto& c : bytes) c = static_cast<char>(random());
        (void)read_registry({{"members/x.toml", bytes}, {"mappings/x.toml", bytes}});
    }
    CHECK_FALSE(read_registry({{"members/x.toml", std::string(2'000'000, '#')}}).has_value());
    // Nesting as deep as a file can be long.
    std::string deep;
    while (deep.size() < 1'000'000) deep += "a.";
    CHECK_FALSE(read_registry({{"members/x.toml", deep + "a = 1\n"}}).has_value());
    CHECK_FALSE(read_registry({{"members/x.toml", "[" + deep + "a]\n"}}).has_value());
    CHECK_FALSE(
        read_registry({{"members/x.toml", "a = " + std::string(1'000'000, '[')}}).has_value());
}

TEST_CASE("a difference names document, table and line") {
    const auto before = example_registry();
    const auto after = changed([](registry& all) {
        all.mappings.at("lebus-meldeamt").roles.emplace_back("dms.rolle2");
        all.members.erase(member_slug("cottbus"));
        all.subscriptions.erase(all.subscriptions.begin());
    });
    const auto lines = difference(before, after);
    CHECK(std::find(lines.begin(), lines.end(),
                    "mappings/lebus: + mapping \"lebus-meldeamt\": roles = [\"dms.rolle0\", "
                    "\"dms.rolle2\"]") != lines.end());
    CHECK(std::find(lines.begin(), lines.end(), "members/cottbus: - slug = \"cottbus\"") !=
          lines.end());
    CHECK(difference(before, before).empty());
}
