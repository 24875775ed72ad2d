#include "config/secret_source.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kommpass;

TEST_CASE("a secret comes from the first line of a file, or from the environment") {
    const auto file =
        std::filesystem::temp_directory_path() / ("kommpass-secret-" + std::to_string(::getpid()));
    std::ofstream(file) << "Geheim-7\r\nsecond line\n";
    ::setenv("KOMMPASS_TEST_SECRET", "aus der Umgebung", 1);

    CHECK(config::read_secret(file.string(), {})->reveal() == "Geheim-7");
    CHECK(config::read_secret({}, "KOMMPASS_TEST_SECRET")->reveal() == "aus der Umgebung");
    std::ofstream(file, std::ios::trunc) << "\n";
    CHECK(config::read_secret(file.string(), {}).error().message.find("empty") !=
          std::string::npos);
    std::filesystem::remove(file);
    CHECK(config::read_secret(file.string(), {}).error().message.find(file.string()) !=
          std::string::npos);
    CHECK_FALSE(config::read_secret({}, "KOMMPASS_NOT_SET").has_value());
    CHECK_FALSE(config::read_secret({}, {}).has_value());
}

TEST_CASE("a secret is moved, compared, and never copied by accident") {
    std::string bytes = "Kennwort, lang genug, um nicht im kleinen Speicher zu liegen";
    const auto kept = bytes;
    secret_string first(std::move(bytes));
    secret_string second(std::move(first));
    CHECK(second.reveal() == kept);
    CHECK(first.empty());
    CHECK(second == second.clone());
    CHECK_FALSE(second == secret_string(std::string_view("other")));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    static_assert(!std::is_copy_constructible_v<secret_string>);
}
