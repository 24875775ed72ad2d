#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace kommpass {

// The signature algorithms that exist here (RFC 7518, RFC 8037, RFC 9864). `none` and HMAC do not.
// EdDSA and Ed25519 are one algorithm by two names: a header has the one that was registered, and
// each has keys of its own, whose `alg` says so.
enum class signing_algorithm { es256, rs256, ps256, eddsa, ed25519 };

// Their names, once: for keys, for the registry, for discovery.
inline constexpr std::array<std::pair<std::string_view, signing_algorithm>, 5> signing_algorithms{
    {{"ES256", signing_algorithm::es256},
     {"RS256", signing_algorithm::rs256},
     {"PS256", signing_algorithm::ps256},
     {"EdDSA", signing_algorithm::eddsa},
     {"Ed25519", signing_algorithm::ed25519}}};

}  // namespace kommpass
