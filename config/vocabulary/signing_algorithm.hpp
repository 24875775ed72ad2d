#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace kommpass {

// The signature algorithms that exist here (RFC 7518, RFC 8037). `none` and HMAC do not.
enum class signing_algorithm { es256, rs256, ps256, eddsa };

// Their names, once: for keys, for the registry, for discovery.
inline constexpr std::array<std::pair<std::string_view, signing_algorithm>, 4> signing_algorithms{
    {{"ES256", signing_algorithm::es256},
     {"RS256", signing_algorithm::rs256},
     {"PS256", signing_algorithm::ps256},
     {"EdDSA", signing_algorithm::eddsa}}};

}  // namespace kommpass
