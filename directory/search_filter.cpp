#include "directory/search_filter.hpp"

#include "config/vocabulary/utf8.hpp"

#include <algorithm>

namespace kommpass::directory {

std::string escaped_filter_value(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (const char c : value) {
        switch (c) {
            case '\0':
                out += "\\00";
                break;
            case '(':
                out += "\\28";
                break;
            case ')':
                out += "\\29";
                break;
            case '*':
                out += "\\2a";
                break;
            case '\\':
                out += "\\5c";
                break;
            default:
                out.push_back(c);
        }
    }
    return out;
}

std::string equality(std::string_view attribute, std::string_view value) {
    std::string filter = "(";
    filter.append(attribute).push_back('=');
    filter.append(escaped_filter_value(value)).push_back(')');
    return filter;
}

std::string name_filter(std::string_view base_filter, const std::vector<std::string>& attributes,
                        const std::vector<std::string>& names) {
    std::string filter = "(&";
    filter.append(base_filter).append("(|");
    for (const auto& name : names) {
        for (const auto& attribute : attributes) filter.append(equality(attribute, name));
    }
    return filter + "))";
}

bool is_sendable_name(std::string_view user_name) noexcept {
    constexpr std::size_t longest = 256;
    return !user_name.empty() && user_name.size() <= longest && is_utf8(user_name) &&
           std::none_of(user_name.begin(), user_name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace kommpass::directory
