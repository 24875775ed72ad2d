#include "directory/active_directory_code.hpp"

#include <charconv>

namespace kommpass::directory {

std::optional<unsigned> active_directory_code(std::string_view diagnostic) {
    constexpr std::string_view mark = "data ";
    const auto at = diagnostic.rfind(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = diagnostic.substr(at + mark.size());
    unsigned code = 0;
    const auto [stopped, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (error != std::errc() || stopped == digits.data()) return std::nullopt;
    return code;
}

}  // namespace kommpass::directory
