#include "idp/store/outages.hpp"

namespace kommpass::idp::store {
namespace {

auto count_of(instant at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

}  // namespace

void outages::begins(instant now) noexcept {
    const auto at = count_of(now);
    // One that follows another within the time of repeating goes on from where that one began.
    const auto ended = ended_.load();
    const bool goes_on = ended != never && at - ended < std::chrono::milliseconds(recent).count();
    if (!goes_on) begun_ = at - std::chrono::milliseconds(unnoticed).count();
    ended_ = never;
}

void outages::ends(instant now) noexcept { ended_ = count_of(now); }

std::chrono::milliseconds outages::looks_back(instant now) const noexcept {
    const auto begun = begun_.load();
    const auto ended = ended_.load();
    const auto at = count_of(now);
    const bool counts = begun != never && at > begun &&
                        (ended == never || at - ended < std::chrono::milliseconds(recent).count());
    return std::chrono::milliseconds(counts ? at - begun : 0);
}

}  // namespace kommpass::idp::store
