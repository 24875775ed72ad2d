#include "config/settings.hpp"

#include <doctest/doctest.h>

using namespace kommpass::config;

TEST_CASE("clients register themselves only where it is switched on") {
    const std::string least = "issuer = \"https://pass.example\"\n[listen]\ntls = false\n";
    CHECK_FALSE(parse_settings(least, "kommpass.toml")->dynamic_registration);
    const auto on = parse_settings(least + "[registration]\ndynamic = true\n", "kommpass.toml");
    REQUIRE(on.has_value());
    CHECK(on->dynamic_registration);
    CHECK(on->registration_wait == std::chrono::days(30));
    const auto reads = [&](const std::string& wait) {
        return parse_settings(least + "[registration]\nwait = \"" + wait + "\"\n", "kommpass.toml");
    };
    CHECK(reads("7d")->registration_wait == std::chrono::days(7));
    CHECK(reads("0s")->registration_wait == std::chrono::seconds(0));
    CHECK_FALSE(reads("1h").has_value());
    const auto wrong = parse_settings(least + "[registration]\ndynamik = true\n", "kommpass.toml");
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().front().to_string().find("dynamik") != std::string::npos);
}
