#include "idp/oauth/dpop_proof.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"
#include "idp/oauth/request_address.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

using namespace kommpass;
using namespace kommpass::idp;

namespace {

// What a client that has a key can send: any bytes, rightly signed.
std::string signed_by_a_client(std::string_view payload) {
    static const auto key = jose::signing_key::generate(jose::algorithm::eddsa);
    static const auto header = base64url::encode(boost::json::serialize(
        boost::json::object{{"typ", "dpop+jwt"}, {"alg", "EdDSA"}, {"jwk", key.to_public_jwk()}}));
    const auto part = header + "." + base64url::encode(payload);
    return part + "." + base64url::encode(key.sign(part));
}

}  // namespace

// Whatever is accepted has every piece that the checks behind it count on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    const auto now = from_unix_seconds(1'790'000'000);
    (void)oauth::read_dpop_proof(text, now);
    if (const auto proof = oauth::read_dpop_proof(signed_by_a_client(text), now)) {
        promise(!proof->id.empty() && proof->id.size() <= 255 && !proof->method.empty());
        promise(oauth::well_formed_thumbprint(proof->thumbprint));
        promise(proof->address.starts_with("https://") || proof->address.starts_with("http://"));
        (void)oauth::age_of(*proof, now);
        (void)oauth::mismatch(*proof, {"POST", "https://idp.example/token", text});
    }
    (void)oauth::normalized_address(text);
    return 0;
}
