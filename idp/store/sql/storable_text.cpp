#include "idp/store/sql/storable_text.hpp"

#include "config/vocabulary/utf8.hpp"

namespace kommpass::idp::store::sql {

bool is_storable(std::string_view text) noexcept {
    return text.find('\0') == std::string_view::npos && is_utf8(text);
}

std::string made_storable(std::string_view text) {
    std::string fit;
    while (!text.empty()) {
        const auto size = utf8_sequence(text);
        if (size == 0 || text.front() == '\0') {
            fit += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else {
            fit += text.substr(0, size);
            text.remove_prefix(size);
        }
    }
    return fit;
}

}  // namespace kommpass::idp::store::sql
