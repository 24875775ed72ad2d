#pragma once

#include <functional>

namespace kommpass {
class held_clock;
}
namespace kommpass::idp::tasks {
class shared_clock;
}

namespace kommpass::idp::service {

// What the service stands on, and what is looked at by itself: its clock, the clock that all nodes
// share, and its store. Outlives whoever is given it.
struct machine {
    const held_clock& time;
    tasks::shared_clock& shared;
    std::function<bool()> store_fails;
};

}  // namespace kommpass::idp::service
