#include "idp/jose/algorithm.hpp"

namespace kommpass::idp::jose {

std::string_view name_of(algorithm wanted) noexcept {
    for (const auto& [name, one] : signing_algorithms) {
        if (one == wanted) return name;
    }
    return "unknown";
}

std::optional<algorithm> algorithm_named(std::string_view wanted) noexcept {
    for (const auto& [name, one] : signing_algorithms) {
        if (name == wanted) return one;
    }
    return std::nullopt;
}

}  // namespace kommpass::idp::jose
