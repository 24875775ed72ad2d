#include "idp/tasks/back_off.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kommpass::idp::tasks {
namespace {

// Evenly from 0 to `most`, but for a bias of one in a billion.
long long up_to(long long most, randomness& random) {
    std::array<std::byte, sizeof(std::uint64_t)> bytes{};
    random.fill(bytes);
    std::uint64_t number = 0;
    for (const auto byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
    return static_cast<long long>(number % (static_cast<std::uint64_t>(most) + 1));
}

}  // namespace

std::chrono::milliseconds wait_after(long long failed, const back_off& bounds, randomness& random) {
    auto most = bounds.first_wait;
    for (long long n = 0; n < failed && most < bounds.longest_wait; ++n) most *= 2;
    most = std::min(most, bounds.longest_wait);
    const auto least = std::min(std::max(bounds.first_wait, most / 2), most);
    return least + std::chrono::milliseconds(up_to((most - least).count(), random));
}

}  // namespace kommpass::idp::tasks
