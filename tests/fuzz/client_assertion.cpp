#include "idp/oauth/client_assertion.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "policies/registry.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;

// Claims that are taken name the client and us, and are forgotten within what they may live.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto now = from_unix_seconds(1'790'000'000);
    const auto text = as_text(data, size);
    (void)oauth::unproven_issuer(text);
    const auto claims = jose::parse_strict_object(text);
    if (!claims) return 0;
    policies::client client;
    client.id = client_id("dms-web");
    for (const auto profile : {policies::client_profile::oidc, policies::client_profile::fapi2}) {
        client.profile = profile;
        const auto until =
            oauth::judge_client_assertion(*claims, client, "https://idp.example", now);
        if (!until) continue;
        promise(*until > now && *until <= now + std::chrono::minutes(61));
        promise(claims->at("iss") == "dms-web" && claims->at("sub") == "dms-web");
        promise(!claims->at("jti").as_string().empty());
        if (profile == policies::client_profile::fapi2)
            promise(claims->at("aud") == "https://idp.example");
    }
    return 0;
}
