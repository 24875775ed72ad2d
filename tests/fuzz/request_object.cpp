#include "idp/oauth/request_object.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/oauth/arrival.hpp"
#include "policies/registry.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;

// As if the client had signed whatever comes: the signature is `fuzz_jwt`'s business.
// A request that is read names the client that signed it, once, and nothing that is no parameter.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto now = from_unix_seconds(1'790'000'000);
    policies::client client;
    client.id = client_id("dms-web");
    const auto text = as_text(data, size);
    const auto claims = jose::parse_strict_object(text);
    for (const bool strict : {false, true}) {
        client.require_signed_request_object = strict;
        const auto jws = base64url::encode(R"({"alg":"ES256"})") + "." + base64url::encode(text) +
                         "." + base64url::encode("signature");
        if (!claims) break;
        const auto read =
            oauth::read_request_object(client, *claims, jws, "https://idp.example", now);
        if (!read) continue;
        promise(read->parameters.get("client_id") == "dms-web");
        for (const auto* name : {"iss", "aud", "exp", "nbf", "sub", "request", "request_uri"})
            promise(!read->parameters.get(name));
        promise(http::form::parse(read->encoded).has_value());
    }
    // What pages carry comes back as it was, and nothing else makes a request signed or pushed.
    if (const auto brought = oauth::carried(text))
        promise(oauth::carry(brought->first, brought->second) == text);
    return 0;
}
