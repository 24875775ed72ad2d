// Token requests: what each grant makes of its parameters, before anything is looked up.
#include "idp/oauth/grants.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/hash.hpp"
#include "idp/oauth/grant_authorization_code.hpp"
#include "idp/oauth/grant_client_credentials.hpp"
#include "idp/oauth/grant_refresh_token.hpp"
#include "idp/oauth/token_endpoint.hpp"
#include "idp/service/shared_parts.hpp"
#include "idp/store/record_id.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>

using namespace kommpass;
using namespace kommpass::idp::oauth;

namespace {

idp::http::form form_of(std::string_view encoded) { return *idp::http::form::parse(encoded); }

std::string some_refresh_token() {
    system_randomness random;
    const auto family = idp::store::new_record_id(random, system_clock().now());
    return family + ".0." + random.token(32);
}

template <class Result>
std::string error_of(const Result& result) {
    return result ? std::string() : result.error().code;
}

}  // namespace

TEST_CASE("a code grant's request has the code as its hash, and URI and verifier if they came") {
    const auto whole = authorization_code_grant::parse(
        form_of("code=abc&redirect_uri=https%3A%2F%2Fdms.example%2Fcb&code_verifier=verify"));
    REQUIRE(whole.has_value());
    CHECK(whole->code_hash == idp::jose::sha256("abc"));
    CHECK(whole->redirect_uri == "https://dms.example/cb");
    REQUIRE(whole->code_verifier.has_value());
    CHECK(whole->code_verifier->reveal() == "verify");

    const auto bare = authorization_code_grant::parse(form_of("code=abc&redirect_uri="));
    REQUIRE(bare.has_value());
    CHECK_FALSE(bare->redirect_uri.has_value());
    CHECK_FALSE(bare->code_verifier.has_value());
}

TEST_CASE("a code grant without a code is an invalid request, one with a code too long no grant") {
    CHECK(error_of(authorization_code_grant::parse(form_of("code="))) == "invalid_request");
    const auto longest = "code=" + std::string(128, 'a');
    CHECK(authorization_code_grant::parse(form_of(longest)).has_value());
    CHECK(error_of(authorization_code_grant::parse(form_of(longest + "a"))) == "invalid_grant");
}

TEST_CASE("a refresh grant's request has the token's parts, and a scope if one was asked for") {
    const auto text = some_refresh_token();
    const auto whole =
        refresh_token_grant::parse(form_of("refresh_token=" + text + "&scope=openid+email"));
    REQUIRE(whole.has_value());
    CHECK(whole->token.text == text);
    CHECK(whole->token.hash == idp::jose::sha256(text));
    CHECK(whole->scope == scope_list{"openid", "email"});

    const auto bare = refresh_token_grant::parse(form_of("refresh_token=" + text));
    REQUIRE(bare.has_value());
    CHECK_FALSE(bare->scope.has_value());
}

TEST_CASE("a refresh grant without a token is an invalid request, one with another text no grant") {
    CHECK(error_of(refresh_token_grant::parse(form_of("scope=openid"))) == "invalid_request");
    CHECK(error_of(refresh_token_grant::parse(form_of("refresh_token=x"))) == "invalid_grant");
}

TEST_CASE("what cannot be a scope is kept by a refresh grant as one that nobody was granted") {
    const auto odd = refresh_token_grant::parse(
        form_of("refresh_token=" + some_refresh_token() + "&scope=openid+%22email"));
    REQUIRE(odd.has_value());
    REQUIRE(odd->scope.has_value());
    CHECK_FALSE(is_subset(*odd->scope, {"openid", "email"}));
}

TEST_CASE("client credentials come with the scope that was asked for, or none") {
    const auto asked = client_credentials_grant::parse(form_of("scope=dms.read+openid"));
    REQUIRE(asked.has_value());
    CHECK(asked->scope == scope_list{"dms.read", "openid"});
    CHECK(client_credentials_grant::parse(form_of("")).has_value());
    CHECK(error_of(client_credentials_grant::parse(form_of("scope=%22"))) == "invalid_scope");
}

TEST_CASE("every grant type that a client can be registered for has its row, and no other") {
    tests::test_idp idp;
    const auto& offered = idp.grants();

    CHECK(offered.all().size() == policies::grant_types::all.size());
    for (const auto name : policies::grant_types::all) {
        CAPTURE(name);
        REQUIRE(offered.named(name) != nullptr);
        CHECK(offered.named(name)->name == name);
    }
    CHECK(offered.named("password") == nullptr);
}

TEST_CASE(
    "a grant type is judged by presence, offer, registration and kind of client, so ordered") {
    tests::test_idp idp;
    const auto& p = idp.parts();
    const auto& offered = idp.grants();
    policies::client web;
    web.grant_types = {"authorization_code"};
    authenticated_client client{p.registry.get(), &web, nullptr};

    CHECK(error_of(find_grant(offered, client, form_of("code=abc"))) == "invalid_request");
    CHECK(error_of(find_grant(offered, client, form_of("grant_type=password"))) ==
          "unsupported_grant_type");
    CHECK(error_of(find_grant(offered, client, form_of("grant_type=refresh_token"))) ==
          "unauthorized_client");
    REQUIRE(find_grant(offered, client, form_of("grant_type=authorization_code")).has_value());

    web.grant_types = {"client_credentials"};
    CHECK(find_grant(offered, client, form_of("grant_type=client_credentials")).has_value());
    web.authentication = policies::client_authentication::none;
    const auto refused = find_grant(offered, client, form_of("grant_type=client_credentials"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().description == "client_credentials is for confidential clients");
}
