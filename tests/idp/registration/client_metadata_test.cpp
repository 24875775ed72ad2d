#include "idp/registration/client_metadata.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::registration;

namespace {

constexpr auto address = R"("redirect_uris":["https://dms-mobil.example/cb"])";

std::string with(const std::string& more) {
    return "{" + std::string(address) + (more.empty() ? "" : "," + more) + "}";
}

}  // namespace

TEST_CASE("what a client leaves out is what RFC 7591 and OpenID Connect Registration say") {
    const auto read = read_client_metadata(with(""));
    REQUIRE(read.has_value());
    CHECK(read->authentication == policies::client_authentication::client_secret_basic);
    CHECK(read->grant_types == std::vector<std::string>{"authorization_code"});
    CHECK(read->id_token_alg == signing_algorithm::rs256);
    CHECK(read->require_pkce);
    const auto told = client_metadata(*read);
    CHECK(told.at("response_types") == boost::json::value{"code"});
    CHECK(told.at("token_endpoint_auth_method") == "client_secret_basic");
    CHECK(told.at("redirect_uris") == boost::json::value{"https://dms-mobil.example/cb"});
}

TEST_CASE("what is registered is told back as it was sent") {
    const boost::json::object sent{
        {"redirect_uris", {"https://dms-mobil.example/cb"}},
        {"post_logout_redirect_uris", {"https://dms-mobil.example/danach"}},
        {"backchannel_logout_uri", "https://dms-mobil.example/abmelden"},
        {"client_name", "Dokumente mobil"},
        {"grant_types", {"authorization_code", "refresh_token"}},
        {"token_endpoint_auth_method", "client_secret_post"},
        {"scope", "openid email offline_access"},
        {"subject_type", "public"},
        {"require_auth_time", true},
        {"default_max_age", 600},
        {"default_acr_values", {"urn:kommpass:acr:second-factor", "gold"}},
        {"frontchannel_logout_uri", "https://dms-mobil.example/rahmen"},
        {"backchannel_logout_session_required", true},
        {"frontchannel_logout_session_required", true},
        {"jwks_uri", "https://dms-mobil.example/jwks"},
        {"initiate_login_uri", "https://dms-mobil.example/anmelden"},
        {"logo_uri", "https://dms-mobil.example/logo.png"},
        {"policy_uri", "https://dms-mobil.example/datenschutz"},
        {"tos_uri", "https://dms-mobil.example/nutzung"},
        {"request_uris", {"https://dms-mobil.example/anfrage#1"}},
        {"dpop_bound_access_tokens", true},
        {"require_pushed_authorization_requests", true},
        {"require_signed_request_object", true},
        {"request_object_signing_alg", "PS256"},
        {"authorization_signed_response_alg", "PS256"},
        {"introspection_signed_response_alg", "ES256"},
        {"id_token_signed_response_alg", "PS256"},
        {"userinfo_signed_response_alg", "Ed25519"}};
    auto body = sent;
    body["software_id"] = "unbekannt und uebergangen";
    const auto read = read_client_metadata(boost::json::serialize(body));
    REQUIRE(read.has_value());
    const auto told = client_metadata(*read);
    for (const auto& field : sent) {
        CAPTURE(std::string(field.key()));
        CHECK(told.at(field.key()) == field.value());
    }
    CHECK_FALSE(told.contains("software_id"));
}

TEST_CASE("a certificate's names, and tokens bound to it") {
    for (const auto* name :
         {"tls_client_auth_subject_dn", "tls_client_auth_san_dns", "tls_client_auth_san_uri",
          "tls_client_auth_san_ip", "tls_client_auth_san_email"}) {
        CAPTURE(name);
        const auto read =
            read_client_metadata(with(R"("token_endpoint_auth_method":"tls_client_auth",)"
                                      R"("tls_client_certificate_bound_access_tokens":true,")" +
                                      std::string(name) + R"(":"CN=dms-mobil")"));
        REQUIRE(read.has_value());
        CHECK(read->authentication == policies::client_authentication::tls_client_auth);
        CHECK(read->tls_client_certificate_bound_access_tokens);
        CHECK(client_metadata(*read).at(name) == "CN=dms-mobil");
    }
}

TEST_CASE("sid goes to every logout address, so that whoever does not demand it is told so") {
    const auto read =
        read_client_metadata(with(R"("frontchannel_logout_uri":"https://dms-mobil.example/r",)"
                                  R"("frontchannel_logout_session_required":false)"));
    REQUIRE(read.has_value());
    const auto told = client_metadata(*read);
    CHECK(told.at("frontchannel_logout_session_required").as_bool());
    CHECK_FALSE(told.contains("backchannel_logout_session_required"));
}

TEST_CASE("requests that nobody could sign are not fetched, and the answer says so") {
    const std::string addresses = R"("request_uris":["https://dms-mobil.example/anfrage#1"])";
    const auto unsigned_ones = read_client_metadata(with(addresses));
    REQUIRE(unsigned_ones.has_value());
    CHECK(client_metadata(*unsigned_ones).at("request_uris").as_array().empty());
    const auto by_key =
        read_client_metadata(with(addresses + R"(,"jwks_uri":"https://dms-mobil.example/jwks")"));
    REQUIRE(by_key.has_value());
    CHECK(by_key->request_uris.size() == 1);
}

TEST_CASE("what is wrong or not offered is refused by name") {
    struct {
        std::string body;
        const char* code;
        const char* says;
    } const all[] = {
        {"", "invalid_client_metadata", "no JSON object"},
        {"[]", "invalid_client_metadata", "no JSON object"},
        {R"({"redirect_uris":[],"redirect_uris":[]})", "invalid_client_metadata", "twice"},
        {"{}", "invalid_redirect_uri", "missing"},
        {R"({"redirect_uris":"https://x.example/"})", "invalid_client_metadata", "list"},
        // oidcc-redirect-uri-regfrag
        {R"({"redirect_uris":["https://x.example/#f"]})", "invalid_redirect_uri", "x.example"},
        {R"({"redirect_uris":["http://x.example/"]})", "invalid_redirect_uri", "x.example"},
        {R"({"redirect_uris":["javascript:alert"]})", "invalid_redirect_uri", "javascript"},
        {with(R"("response_types":["id_token"])"), "invalid_client_metadata", "response_types"},
        {with(R"("id_token_signed_response_alg":"none")"), "invalid_client_metadata",
         "id_token_signed_response_alg"},
        {with(R"("id_token_encrypted_response_alg":"RSA1_5")"), "invalid_client_metadata",
         "ECDH-ES"},
        {with(R"("token_endpoint_auth_method":"client_secret_jwt")"), "invalid_client_metadata",
         "token_endpoint_auth_method"},
        {with(R"("scope":"openid fed:write")"), "invalid_client_metadata", "fed:write"},
        {with(R"("default_max_age":-1)"), "invalid_client_metadata", "default_max_age"},
        {with(R"("default_max_age":"x")"), "invalid_client_metadata", "default_max_age"},
        {with(R"("default_acr_values":"gold")"), "invalid_client_metadata", "default_acr_values"},
        {with(R"("require_auth_time":"yes")"), "invalid_client_metadata", "require_auth_time"},
        {with(R"("jwks":"text")"), "invalid_client_metadata", "jwks"},
        {with(R"("jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]})"), "invalid_client_metadata",
         "public keys only"},
        {with(R"("jwks":{"keys":[{"kty":"EC"},{"kty":"EC","d":"c2VjcmV0"}]})"),
         "invalid_client_metadata", "public keys only"},
        {with(R"("jwks_uri":7)"), "invalid_client_metadata", "jwks_uri"},
        {with(R"("request_uris":"https://x.example/r")"), "invalid_client_metadata",
         "request_uris"},
        {with(R"("dpop_bound_access_tokens":"yes")"), "invalid_client_metadata",
         "dpop_bound_access_tokens"},
        {with(R"("request_object_signing_alg":"none")"), "invalid_client_metadata",
         "request_object_signing_alg"},
        {with(R"("authorization_encrypted_response_alg":"ECDH-ES")"), "invalid_client_metadata",
         "authorization_encrypted_response_alg"},
        {with(R"("sector_identifier_uri":"https://x.example/s")"), "invalid_client_metadata",
         "sector_identifier_uri"},
        {with(R"("software_statement":"a.b.c")"), "unapproved_software_statement", "trusts"},
        {with("\"client_name\":\"" + std::string(201, 'a') + "\""), "invalid_client_metadata",
         "client_name"}};
    for (const auto& one : all) {
        CAPTURE(one.body);
        const auto read = read_client_metadata(one.body);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == one.code);
        CHECK(read.error().description.find(one.says) != std::string::npos);
    }
}

TEST_CASE("a description is ASCII without quotation marks, whatever was sent") {
    const auto text = as_description("ä\"\\\n\t" + std::string(1000, 'x'));
    CHECK(text.size() <= 300);
    CHECK(std::all_of(text.begin(), text.end(),
                      [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }));
}
