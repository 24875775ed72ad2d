#include "directory/home_realm.hpp"

#include "config/vocabulary/name_folding.hpp"

namespace kommpass::directory {

typed_name split_user_name(std::string_view typed) {
    while (!typed.empty() && typed.front() == ' ') typed.remove_prefix(1);
    while (!typed.empty() && typed.back() == ' ') typed.remove_suffix(1);
    if (const auto slash = typed.find('\\'); slash != std::string_view::npos && slash > 0)
        return {std::string(typed.substr(slash + 1)), lower_case(typed.substr(0, slash))};
    const auto at = typed.rfind('@');
    if (at == std::string_view::npos) return {std::string(typed), {}};
    return {std::string(typed.substr(0, at)), lower_case(typed.substr(at + 1))};
}

}  // namespace kommpass::directory
