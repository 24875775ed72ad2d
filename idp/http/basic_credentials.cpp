#include "idp/http/basic_credentials.hpp"

#include "idp/http/base64.hpp"
#include "idp/http/header_grammar.hpp"
#include "idp/http/percent_encoding.hpp"

namespace kommpass::idp::http {
namespace {

constexpr std::size_t longest = 4096;

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
