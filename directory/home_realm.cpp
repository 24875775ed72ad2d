#include "directory/home_realm.hpp"

#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/prepared_string.hpp"

namespace kommpass::directory {

typed_name split_user_name(std::string_view typed) {
    const auto name = prepared_keeping_case(typed);
    const std::string_view text(name);
    if (const auto slash = text.find('\\'); slash != std::string_view::npos && slash > 0)
        return {std::string(text.substr(slash + 1)), comparable_domain(text.substr(0, slash)),
                true};
    const auto at = text.rfind('@');
    if (at == std::string_view::npos) return {name, {}};
    return {std::string(text.substr(0, at)), comparable_domain(text.substr(at + 1))};
}

}  // namespace kommpass::directory
