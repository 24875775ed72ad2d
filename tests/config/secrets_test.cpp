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

TEST_CASE("a secret's file from a Windows editor is read, or its fault is named") {
    const auto file =
        std::filesystem::temp_directory_path() / ("kommpass-mark-" + std::to_string(::getpid()));
    const auto read = [&](std::string_view bytes) {
        std::ofstream(file, std::ios::trunc | std::ios::binary) << bytes;
        return config::read_secret(file.string(), {});
    };
    CHECK(read("\xEF\xBB\xBFGeheim-7\r\n")->reveal() == "Geheim-7");
    CHECK(read("\xEF\xBB\xBF\r\n").error().message.find("empty") != std::string::npos);
    for (const std::string_view bytes :
         {std::string_view("\xFF\xFEG\0e\0\n\0", 8), std::string_view("\xFE\xFF\0G\0e\0\n", 8),
          std::string_view("G\0e\0\n\0", 6)}) {
        const auto answer = read(bytes);
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().message.find("UTF-16") != std::string::npos);
        CHECK(answer.error().message.find(file.string()) != std::string::npos);
    }
    std::filesystem::remove(file);
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
