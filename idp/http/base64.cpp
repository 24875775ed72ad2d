#include "idp/http/base64.hpp"

#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/secret_string.hpp"

namespace kommpass::idp::http {

// By way of base64url's strict decoder: the alphabets differ in two characters, and a length that
// is a multiple of four fixes the padding.
std::optional<std::string> decode_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string unpadded(text.substr(0, text.size() - padding));
    for (char& c : unpadded) {
        if (c == '-' || c == '_') {
            wipe(unpadded);
            return std::nullopt;
        }
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    auto decoded = base64url::decode(unpadded);
    wipe(unpadded);
    return decoded;
}

}  // namespace kommpass::idp::http
