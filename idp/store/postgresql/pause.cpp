#include "idp/store/postgresql/pause.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace kommpass::idp::store::postgresql {

std::chrono::milliseconds pause_before(int attempt, double fraction) {
    const auto most = std::min(50L << std::clamp(attempt - 1, 0, 10), 1000L);
    return std::chrono::milliseconds(1 + static_cast<long>(fraction * static_cast<double>(most)));
}

void pause(int attempt) {
    thread_local std::mt19937 generator{std::random_device{}()};
    std::uniform_real_distribution<double> fraction(0, 1);
    std::this_thread::sleep_for(pause_before(attempt, fraction(generator)));
}

}  // namespace kommpass::idp::store::postgresql
