#pragma once

#include "tests/bench/http_load.hpp"

#include <string>

// What people's browsers and applications say to the service, as scripts for the load generator.
namespace kommpass::bench {

struct service_under_load {
    std::string host = "localhost";
    std::string issuer;                // "https://localhost:8443"
    std::string client = "bench-web";  // client_secret_basic, PKCE exempt is not needed
    std::string client_secret;
    std::string redirect_uri = "https://bench.example/callback";
    std::string member = "bench";
    unsigned people = 2000;  // user0 ... ; password "Kennwort-<n>"
};

// Authorization request, sign-in form, code for tokens; each time another person and no cookie.
[[nodiscard]] script_maker first_sign_ins(const service_under_load&);
// One sign-in, then authorization request and code for tokens again and again with the session's
// cookie.
[[nodiscard]] script_maker single_sign_on(const service_under_load&);
// One sign-in, then authorization requests down to the code, with the session's cookie: as they
// are, and pushed before (RFC 9126).
[[nodiscard]] script_maker authorizations(const service_under_load&);
[[nodiscard]] script_maker pushed_authorizations(const service_under_load&);
// One sign-in, then a refresh after the other.
[[nodiscard]] script_maker refreshes(const service_under_load&);
// The same, each request with a DPoP proof.
[[nodiscard]] script_maker refreshes_with_a_key(const service_under_load&);
[[nodiscard]] script_maker client_credentials(const service_under_load&);

}  // namespace kommpass::bench
