// A member whose directory answers anything at all and whose administrators call every operation in
// any order, beside two honest members and the association.
//
// Each run takes the seeds below. KOMMPASS_ATTACK_SEED=17 takes that one alone,
// KOMMPASS_ATTACK_RUNS=200 so many from 1000 on, KOMMPASS_ATTACK_STEPS=500 makes them longer. What
// fails prints its seed and the shortest story that breaks the same invariant;
// KOMMPASS_ATTACK_STORY=1 prints every story. KOMMPASS_ATTACK_INCLUDE=password takes an invariant
// that is excluded all the same, "all" every one.
#include "tests/idp/attacks/arguments.hpp"
#include "tests/idp/attacks/sequence.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace kommpass::tests::attacks;

namespace {

std::size_t number_from(const char* variable, std::size_t otherwise) {
    const auto* text = std::getenv(variable);
    return text == nullptr ? otherwise : static_cast<std::size_t>(std::atoll(text));
}

std::vector<std::uint32_t> seeds() {
    if (const auto one = number_from("KOMMPASS_ATTACK_SEED", 0); one > 0)
        return {static_cast<std::uint32_t>(one)};
    std::vector<std::uint32_t> all;
    const auto more = number_from("KOMMPASS_ATTACK_RUNS", 0);
    for (std::size_t i = 0; i < (more > 0 ? more : 24); ++i)
        all.push_back(static_cast<std::uint32_t>((more > 0 ? 1000 : 1) + i));
    return all;
}

std::set<std::string> excluded() {
    std::set<std::string> names;
    const auto* text = std::getenv("KOMMPASS_ATTACK_INCLUDE");
    const std::string included = text == nullptr ? "" : text;
    for (const auto& one : exclusions()) {
        if (included != one.invariant && included != "all") names.emplace(one.invariant);
    }
    return names;
}

}  // namespace

TEST_CASE("no member can harm another, whatever its directory answers and whatever it asks for") {
    const auto steps = number_from("KOMMPASS_ATTACK_STEPS", 80);
    for (const auto seed : seeds()) {
        CAPTURE(seed);
        auto got = run_steps(steps_of(seed, steps), cast_of(seed), {}, excluded());
        if (std::getenv("KOMMPASS_ATTACK_STORY") != nullptr) MESSAGE(got.to_string());
        if (got.breaches.empty()) continue;
        got = shrunk(std::move(got), cast_of(seed), excluded());
        const auto story = got.to_string();
        CAPTURE(story);
        CHECK(got.breaches.empty());
    }
}

TEST_CASE("every operation's parameters are known to the attack") {
    for (const auto& one : unknown_parameters(kommpass::idp::api::endpoints())) {
        FAIL_CHECK("no values for " << one << ": tests/idp/attacks/arguments.cpp has the list");
    }
}
