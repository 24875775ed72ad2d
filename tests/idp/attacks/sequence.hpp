#pragma once

#include "tests/idp/attacks/invariants.hpp"
#include "tests/idp/attacks/steps.hpp"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace kommpass::tests::attacks {

// Changes the world before anything happens: what the proofs weaken on purpose.
using weakening = std::function<void(world&)>;

struct outcome {
    std::vector<breach> breaches;
    std::vector<std::string> story;
    std::vector<std::uint32_t> steps;  // that were taken, the last one included

    [[nodiscard]] std::string to_string() const;
};

// Takes these steps in a new world, until an invariant is broken. `ignored`: invariants by name.
[[nodiscard]] outcome run_steps(const std::vector<std::uint32_t>&, cast, const weakening& = {},
                                const std::set<std::string>& ignored = {});

// A sequence of so many steps from a seed: seeds that are even have the hostile member act alone.
[[nodiscard]] std::vector<std::uint32_t> steps_of(std::uint32_t seed, std::size_t steps);
[[nodiscard]] cast cast_of(std::uint32_t seed);

// Leaves out what is not needed to break the same invariant; bounded in time.
[[nodiscard]] outcome shrunk(outcome, cast, const std::set<std::string>& ignored);

}  // namespace kommpass::tests::attacks
