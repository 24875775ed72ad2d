#include "idp/jose/compact_jws.hpp"

#include "config/vocabulary/base64url.hpp"

namespace kommpass::idp::jose {
namespace {

constexpr std::size_t longest = 16 * 1024;

}  // namespace

std::optional<compact_jws> split_compact(std::string_view jws) {
    if (jws.size() > longest) return std::nullopt;
    const auto first = jws.find('.');
    const auto last = jws.rfind('.');
    if (first == std::string_view::npos || last == first) return std::nullopt;
    auto header = base64url::decode(jws.substr(0, first));
    auto payload = base64url::decode(
        jws.substr(first + 1, last - first - 1));  // a fourth part has a '.': refused
    auto signature = base64url::decode(jws.substr(last + 1));
    if (!header || !payload || !signature) return std::nullopt;
    return compact_jws{jws.substr(0, last), std::move(*header), std::move(*payload),
                       std::move(*signature)};
}

}  // namespace kommpass::idp::jose
