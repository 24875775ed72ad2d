#pragma once

#include "idp/store/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::tests {

struct engine_limits {
    std::size_t waiting_bound = 10'000;
    std::size_t largest_batch = 512;
};

// An engine that the suite is run over.
struct engine {
    std::string name;
    // A store that nobody used before; what lies on disk goes with the last copy of the pointer.
    std::function<std::shared_ptr<idp::store::store>(engine_limits)> open_empty;
};
const std::vector<engine>& engines();

// Runs a test once for each engine, on an empty store each time.
template <class Test>
void on_every_engine(Test test);
template <class Test>
void on_every_engine(engine_limits, Test test);

}  // namespace kommpass::tests

#include <doctest/doctest.h>

template <class Test>
void kommpass::tests::on_every_engine(engine_limits limits, Test test) {
    for (const auto& engine : engines()) {
        INFO("engine: ", engine.name);
        const auto memory = engine.open_empty(limits);
        test(*memory);
    }
}
template <class Test>
void kommpass::tests::on_every_engine(Test test) {
    on_every_engine(engine_limits{}, test);
}
