#include "idp/http/basic_credentials.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/percent_encoding.hpp"

namespace kommpass::idp::http {
namespace {

constexpr std::size_t longest = 4096;

// Standard base64 with padding, by way of base64url's strict decoder: the alphabets differ in two
// characters, and a length that is a multiple of four fixes the padding.
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

}  // namespace

std::optional<basic_credentials> parse_basic_credentials(std::string_view authorization) {
    const auto encoded = credentials_of(authorization, "basic");
    if (encoded.size() > longest) return std::nullopt;
    auto decoded = decode_base64(encoded);
    if (!decoded) return std::nullopt;

    const secret_string pair(std::move(*decoded));
    const auto colon = pair.reveal().find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto id = percent_decode(pair.reveal().substr(0, colon), plus_sign::is_space);
    auto secret = percent_decode(pair.reveal().substr(colon + 1), plus_sign::is_space);
    if (!id || id->empty() || !secret) return std::nullopt;
    return basic_credentials{std::move(*id), secret_string(std::move(*secret))};
}

}  // namespace kommpass::idp::http
