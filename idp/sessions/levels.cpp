#include "idp/sessions/levels.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::sessions {
namespace {

constexpr std::array by_password{password_factor.amr};

constexpr std::array<level, 1> table{{{"urn:kommpass:acr:password", by_password}}};

}  // namespace

std::span<const level> levels() noexcept { return table; }

std::string_view acr_of(const std::vector<std::string>& amr) noexcept {
    std::string_view reached;
    for (const auto& one : table) {
        const bool all = std::all_of(one.amr.begin(), one.amr.end(), [&](std::string_view needed) {
            return std::find(amr.begin(), amr.end(), needed) != amr.end();
        });
        if (all) reached = one.acr;
    }
    return reached;
}

bool reaches(std::string_view acr, std::string_view wanted) noexcept {
    const auto place_of = [](std::string_view one) {
        return std::find_if(table.begin(), table.end(),
                            [&](const level& known) { return known.acr == one; });
    };
    const auto has = place_of(acr);
    const auto needs = place_of(wanted);
    return has != table.end() && needs != table.end() && needs <= has;
}

bool is_reachable(std::string_view acr) noexcept {
    return std::any_of(table.begin(), table.end(),
                       [&](const level& one) { return one.acr == acr; });
}

}  // namespace kommpass::idp::sessions
