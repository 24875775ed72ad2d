#include "idp/jose/media_type.hpp"

#include <doctest/doctest.h>

using kommpass::idp::jose::is_media_type;

TEST_CASE("a type is compared as a media type: without case, with or without application/") {
    for (const auto* same : {"oauth-authz-req+jwt", "OAuth-auThZ-REQ+Jwt",
                             "application/oauth-authz-req+jwt", "APPLICATION/OAuth-Authz-Req+JWT"})
        CHECK(is_media_type(same, "oauth-authz-req+jwt"));
    for (const auto* other :
         {"", "jwt", "oauth-authz-req+jwtx", "oauth-authz-req", "application/", "application/jwt",
          "application/application/oauth-authz-req+jwt", "text/oauth-authz-req+jwt",
          " oauth-authz-req+jwt", "oauth-authz-req\x0bjwt"})
        CHECK_FALSE(is_media_type(other, "oauth-authz-req+jwt"));
}
