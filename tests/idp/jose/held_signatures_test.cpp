#include "idp/jose/held_signatures.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using kommpass::idp::jose::held_signatures;

TEST_CASE("what was added is found, and nothing that differs from it in a byte") {
    held_signatures held;
    CHECK_FALSE(held.contains(""));
    held.add("kopf.inhalt.unterschrift");
    CHECK(held.contains("kopf.inhalt.unterschrift"));
    CHECK_FALSE(held.contains("kopf.inhalt.unterschrifu"));
    CHECK_FALSE(held.contains("kopf.inhalt.unterschrift "));
}

TEST_CASE("of two that meet at one place the newer is kept: the number is bounded") {
    held_signatures held(1);
    held.add("erste");
    held.add("zweite");
    CHECK_FALSE(held.contains("erste"));
    CHECK(held.contains("zweite"));
}

TEST_CASE("threads that write at one place never make a third be found") {
    held_signatures held(1);
    std::vector<std::thread> writers;
    for (const std::string name : {"hennigsdorf", "velten"}) {
        writers.emplace_back([&held, name] {
            for (int i = 0; i < 20'000; ++i) held.add(name + std::to_string(i % 2));
        });
    }
    bool found = false;
    for (int i = 0; i < 20'000; ++i) found = found || held.contains("oranienburg");
    for (auto& writer : writers) writer.join();
    CHECK_FALSE(found);
}
