#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <array>
#include <string>

using namespace kommpass;
using namespace kommpass::idp;
using jose::algorithm;

// Keys that a client publishes: a set that is taken verifies nothing that nobody signed, in none of
// our algorithms, and what is no certificate proves nothing by it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array every{algorithm::es256, algorithm::rs256, algorithm::ps256,
                               algorithm::eddsa, algorithm::ed25519};
    static const auto now = from_unix_seconds(1'790'000'000);
    const auto text = as_text(data, size);
    const auto keys = jose::parse_jwks(text);
    if (keys) {
        for (const auto* alg : {"ES256", "RS256", "PS256", "EdDSA", "Ed25519", "none", "HS256"}) {
            const auto header = R"({"alg":")" + std::string(alg) + "\"}";
            for (const std::size_t length : {0U, 64U, 256U}) {
                const auto jws = base64url::encode(header) + "." + base64url::encode("{}") + "." +
                                 base64url::encode(std::string(length, '\x01'));
                promise(!(*keys)->verify(jws, every));
            }
        }
    }
    promise(!oauth::fault_of_self_signed(text, "no certificate", now).empty());
    return 0;
}
