// What a profile demands of a client's registration, and how a breach is told.
#include "policies/client_profile.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::policies;

namespace {

client kept(client_profile profile) {
    client made;
    made.id = client_id("kasse-web");
    made.profile = profile;
    made.authentication = client_authentication::private_key_jwt;
    made.jwks = R"({"keys":[{}]})";
    made.dpop_bound_access_tokens = true;
    made.redirect_uris = {"https://kasse.example/callback"};
    return made;
}

bool breaks(const client& one, std::string_view demand) {
    const auto broken = broken_demands(one);
    return std::any_of(broken.begin(), broken.end(),
                       [&](const broken_demand& each) { return each.demand == demand; });
}

}  // namespace

TEST_CASE("a client of the profile oidc owes nothing") {
    auto one = kept(client_profile::oidc);
    one.authentication = client_authentication::none;
    one.dpop_bound_access_tokens = false;
    one.id_token_alg = signing_algorithm::rs256;
    CHECK(broken_demands(one).empty());
    CHECK_FALSE(demands_issuer_as_audience(one));
    CHECK_FALSE(keeps_refresh_tokens(one));
    CHECK_FALSE(demands_pushed_requests(one));
    CHECK_FALSE(demands_signed_requests(one));
    CHECK_FALSE(demands_signed_responses(one));
    one.require_pushed_authorization_requests = true;
    one.require_signed_request_object = true;
    CHECK(demands_pushed_requests(one));
    CHECK(demands_signed_requests(one));
    CHECK_FALSE(demands_signed_responses(one));
}

TEST_CASE("fapi2 pushes its requests; message signing signs them too, and is answered signed") {
    auto one = kept(client_profile::fapi2);
    CHECK(demands_pushed_requests(one));
    CHECK_FALSE(demands_signed_requests(one));
    CHECK_FALSE(demands_signed_responses(one));
    one.profile = client_profile::fapi2_message_signing;
    CHECK(demands_pushed_requests(one));
    CHECK(demands_signed_requests(one));
    CHECK(demands_signed_responses(one));
    CHECK(broken_demands(one).empty());
    one.response_modes = {"query", "form_post"};
    CHECK(breaks(one, "response_modes"));
    one.response_modes = {"query", "form_post.jwt"};
    CHECK_FALSE(breaks(one, "response_modes"));
    one.authentication = client_authentication::self_signed_tls_client_auth;
    one.jwks.clear();
    CHECK(breaks(one, "jwks"));
    one.profile = client_profile::fapi2;
    CHECK_FALSE(breaks(one, "jwks"));
}

TEST_CASE("the device grant is none for a client of fapi2; client credentials are") {
    auto one = kept(client_profile::fapi2);
    one.grant_types = {"authorization_code", "urn:ietf:params:oauth:grant-type:device_code"};
    CHECK(breaks(one, "grant_types"));
    one.grant_types = {"client_credentials"};
    CHECK(broken_demands(one).empty());
}

TEST_CASE("each demand of fapi2 that is broken is named, with what to change") {
    for (const auto profile : {client_profile::fapi2, client_profile::fapi2_message_signing}) {
        CHECK_FALSE(is_fapi(kept(client_profile::oidc)));
        CHECK(demands_pkce(kept(profile)));
        CHECK(demands_issuer_as_audience(kept(profile)));
    }
    const auto good = kept(client_profile::fapi2);
    CHECK(broken_demands(good).empty());

    auto one = good;
    one.authentication = client_authentication::client_secret_basic;
    CHECK(breaks(one, "authentication"));
    CHECK(broken_demands(one).front().text ==
          "must be private_key_jwt, tls_client_auth or self_signed_tls_client_auth, not "
          "client_secret_basic");
    one = good;
    one.dpop_bound_access_tokens = false;
    CHECK(breaks(one, "dpop_bound_access_tokens"));
    one.tls_client_certificate_bound_access_tokens = true;
    CHECK_FALSE(breaks(one, "dpop_bound_access_tokens"));
    one = good;
    one.id_token_alg = signing_algorithm::rs256;
    one.access_token_alg = signing_algorithm::rs256;
    one.userinfo_alg = signing_algorithm::rs256;
    one.introspection_alg = signing_algorithm::rs256;
    one.request_object_alg = signing_algorithm::rs256;
    one.authorization_response_alg = signing_algorithm::rs256;
    CHECK(breaks(one, "introspection_alg"));
    CHECK(breaks(one, "request_object_alg"));
    CHECK(breaks(one, "authorization_response_alg"));
    CHECK(breaks(one, "id_token_alg"));
    CHECK(breaks(one, "access_token_alg"));
    CHECK(breaks(one, "userinfo_alg"));
    one = good;
    one.redirect_uris = {"http://127.0.0.1/callback"};
    CHECK(breaks(one, "redirect_uris"));
    one = good;
    one.require_pkce = false;
    CHECK(breaks(one, "require_pkce"));
}
