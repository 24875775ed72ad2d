#include "idp/http/request.hpp"

#include <algorithm>

namespace kommpass::idp::http {

std::optional<std::string_view> request::header(std::string_view lower_case_name) const noexcept {
    std::optional<std::string_view> found;
    for (const auto& [name, value] : headers) {
        if (name != lower_case_name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

bool request::occurs_twice(std::string_view lower_case_name) const noexcept {
    return std::count_if(headers.begin(), headers.end(),
                         [&](const auto& field) { return field.first == lower_case_name; }) > 1;
}

}  // namespace kommpass::idp::http
