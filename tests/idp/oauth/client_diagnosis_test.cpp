// `kommpass client test`: what is wrong with a client, in the words that its operator reads.
#include "idp/oauth/client_diagnosis.hpp"
#include "config/settings.hpp"
#include "idp/jose/signing_key.hpp"
#include "policies/registry.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::oauth;
namespace json = boost::json;

namespace {

policies::client bank() {
    policies::client made;
    made.id = client_id("kasse-web");
    made.profile = policies::client_profile::fapi2;
    made.authentication = policies::client_authentication::private_key_jwt;
    made.dpop_bound_access_tokens = true;
    made.redirect_uris = {"https://kasse.example/callback"};
    made.jwks_uri = "https://kasse.example/jwks";
    return made;
}

std::string set_for(idp::jose::algorithm kind, const char* alg) {
    auto jwk = idp::jose::signing_key::generate(kind).to_public_jwk();
    jwk["alg"] = alg;
    return json::serialize(json::object{{"keys", json::array{jwk}}});
}

std::string text_of(const std::vector<client_finding>& found) {
    std::string text;
    for (const auto& one : found) {
        if (one.how == client_finding::level::failure)
            text += one.subject + ": " + one.text + " -> " + one.remedy + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("a client that keeps everything has nothing to change") {
    const auto keys = set_for(idp::jose::algorithm::es256, "ES256");
    CHECK(text_of(diagnose_client(bank(), {}, {keys, {}})).empty());
}

TEST_CASE("each breach says what to change") {
    auto one = bank();
    const shown_keys keys{set_for(idp::jose::algorithm::es256, "ES256"), {}};
    one.id_token_alg = signing_algorithm::rs256;
    CHECK(text_of(diagnose_client(one, {}, keys)) ==
          "profile fapi2: id_token_alg: broken -> RS256 is not allowed: take ES256, PS256 or "
          "EdDSA\n");
    one = bank();
    CHECK(text_of(diagnose_client(one, {}, {{}, "kasse.example answers 404"}))
              .starts_with("keys: kasse.example answers 404 -> is the address right"));
    CHECK(text_of(diagnose_client(one, {}, {"{}", {}})).find("-> publish a key") !=
          std::string::npos);
}

TEST_CASE("a client with a certificate needs a service that takes one") {
    auto one = bank();
    one.authentication = policies::client_authentication::tls_client_auth;
    one.jwks_uri.clear();
    one.tls_client_auth_san_dns = "kasse.example";
    config::settings settings;
    CHECK(text_of(diagnose_client(one, settings, {})) ==
          "authentication: tls_client_auth, but this service takes no client certificates -> give "
          "kommpass.toml a section [mtls]\n");
    settings.mtls.header = "client-cert";
    CHECK(text_of(diagnose_client(one, settings, {})) ==
          "authentication: tls_client_auth, but no authority is trusted -> name the file with its "
          "certificate: [mtls] ca_file\n");
    settings.mtls.ca_file = "applications-ca.pem";
    CHECK(text_of(diagnose_client(one, settings, {})).empty());
}
