#include "config/settings.hpp"

#include <doctest/doctest.h>

using namespace kommpass::config;

TEST_CASE("clients register themselves only where it is switched on") {
    const std::string least = "issuer = \"https://pass.example\"\n[listen]\ntls = false\n";
    CHECK_FALSE(parse_settings(least, "kommpass.toml")->dynamic_registration);
    const auto on = parse_settings(least + "[registration]\ndynamic = true\n", "kommpass.toml");
    REQUIRE(on.has_value());
    CHECK(on->dynamic_registration);
    const auto wrong = parse_settings(least + "[registration]\ndynamik = true\n", "kommpass.toml");
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().front().to_string().find("dynamik") != std::string::npos);
}
