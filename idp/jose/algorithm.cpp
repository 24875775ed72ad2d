#include "idp/jose/algorithm.hpp"

#include <array>
#include <utility>

namespace kommpass::idp::jose {
namespace {

constexpr std::array<std::pair<algorithm, std::string_view>, 4> names{
    {{algorithm::es256, "ES256"},
     {algorithm::rs256, "RS256"},
     {algorithm::ps256, "PS256"},
     {algorithm::eddsa, "EdDSA"}}};

}  // namespace

std::string_view name_of(algorithm wanted) noexcept {
    for (const auto& [one, name] : names) {
        if (one == wanted) return name;
    }
    return "unknown";
}

std::optional<algorithm> algorithm_named(std::string_view wanted) noexcept {
    for (const auto& [one, name] : names) {
        if (name == wanted) return one;
    }
    return std::nullopt;
}

}  // namespace kommpass::idp::jose
