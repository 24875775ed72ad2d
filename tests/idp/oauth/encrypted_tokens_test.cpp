#include "idp/http/response.hpp"
#include "idp/oauth/encrypted_answer.hpp"
#include "tests/support/jwe_reader.hpp"
#include "tests/support/test_idp.hpp"

#include <doctest/doctest.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::tests;

namespace {

policies::client& groupware(policies::registry& all) {
    return all.applications.at(application_key("groupware")).clients.at(0);
}

boost::json::object json_of(const std::string& text) {
    return boost::json::parse(text).as_object();
}

}  // namespace

TEST_CASE("an ID token reaches a client that registered encryption signed, then encrypted") {
    test_idp idp;
    const auto plain = idp.tokens("groupware-web").text("id_token");
    for (const auto& managed : key_managements) {
        const auto& [name, alg] = managed;
        CAPTURE(managed.first);
        const jwe_reader client(alg == key_management::ecdh_es ? "EC" : "RSA");
        idp.change_registry([&](policies::registry& all) {
            groupware(all).jwks = client.jwks();
            groupware(all).id_token_encryption_alg = managed.second;
            groupware(all).id_token_encryption_enc = content_encryption::a128gcm;
        });
        idp.forget_cookies();
        const auto sent = idp.tokens("groupware-web").text("id_token");
        const auto header = jwe_reader::header_of(sent);
        CHECK(header.at("alg") == boost::json::string_view(name));
        CHECK(header.at("enc") == "A128GCM");
        CHECK(header.at("kid") == "lesbar");
        const auto inside = client.open(sent);
        REQUIRE(inside.has_value());
        CHECK(test_idp::header_of(*inside).at("alg") == "ES256");
        CHECK(test_idp::payload(*inside).at("aud") == "groupware-web");
        CHECK(test_idp::payload(*inside).at("sub") == test_idp::payload(plain).at("sub"));
    }
}

TEST_CASE("userinfo is encrypted as registered, signed before or not") {
    test_idp idp;
    const jwe_reader client("EC");
    idp.change_registry([&](policies::registry& all) {
        groupware(all).jwks = client.jwks();
        groupware(all).userinfo_encryption_alg = key_management::ecdh_es;
    });
    const auto token = idp.tokens("groupware-web").text("access_token");
    const auto bare = idp.userinfo(token);
    CHECK(bare.status() == 200);
    CHECK(bare.raw->content_type == "application/jwt");
    CHECK_FALSE(jwe_reader::header_of(bare.body()).contains("cty"));
    CHECK(json_of(client.open(bare.body()).value_or("{}")).at("email") ==
          "anna.noack@amt-lebus.example");

    idp.change_registry(
        [&](policies::registry& all) { groupware(all).userinfo_alg = signing_algorithm::ps256; });
    const auto nested = idp.userinfo(token);
    CHECK(jwe_reader::header_of(nested.body()).at("cty") == "JWT");
    const auto inside = client.open(nested.body()).value_or("");
    CHECK(test_idp::header_of(inside).at("alg") == "PS256");
    CHECK(test_idp::payload(inside).at("aud") == "groupware-web");
}

TEST_CASE("what cannot be encrypted does not go out, and the client is told why") {
    test_idp idp;
    const jwe_reader client("EC");
    idp.change_registry([&](policies::registry& all) {
        // Of the right form, and no point of the curve.
        auto jwk = client.jwk();
        jwk["x"] = jwk.at("y");
        groupware(all).jwks =
            boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk}}});
        groupware(all).id_token_encryption_alg = key_management::ecdh_es;
    });
    const auto refused = idp.tokens("groupware-web");
    CHECK(refused.status() == 400);
    CHECK(refused.error() == "unauthorized_client");
    CHECK(refused.text("error_description").find("ECDH-ES") != std::string::npos);
    CHECK(refused.text("id_token").empty());
    CHECK(refused.text("access_token").empty());
}

TEST_CASE("oidcc-idtoken-signature: an ID token has the algorithm that its client registered") {
    test_idp idp;
    for (const auto& algorithm : signing_algorithms) {
        const auto& [name, kind] = algorithm;
        CAPTURE(algorithm.first);
        idp.change_registry([kind = kind](policies::registry& all) {
            groupware(all).id_token_alg = kind;
            groupware(all).access_token_alg = kind;
            groupware(all).userinfo_alg = kind;
        });
        idp.forget_cookies();
        const auto tokens = idp.tokens("groupware-web");
        for (const auto& jws : {tokens.text("id_token"), tokens.text("access_token"),
                                idp.userinfo(tokens.text("access_token")).body()}) {
            const auto header = test_idp::header_of(jws);
            CHECK(header.at("alg") == boost::json::string_view(name));
            const auto set = json_of(*idp.get("/jwks").raw->fixed_body);
            const auto& keys = set.at("keys").as_array();
            const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) {
                return key.as_object().at("kid") == header.at("kid");
            });
            REQUIRE(found != keys.end());
            CHECK(found->as_object().at("alg") == header.at("alg"));
        }
    }
}

TEST_CASE("discovery names the algorithms that the registry knows") {
    test_idp idp;
    const auto document = json_of(*idp.get("/.well-known/openid-configuration").raw->fixed_body);
    const boost::json::value signing{"ES256", "RS256", "PS256", "EdDSA", "Ed25519"};
    for (const auto* use : {"id_token", "userinfo"}) {
        const std::string start(use);
        CHECK(document.at(start + "_signing_alg_values_supported") == signing);
        CHECK(document.at(start + "_encryption_alg_values_supported") ==
              boost::json::value{"ECDH-ES", "RSA-OAEP-256"});
        CHECK(document.at(start + "_encryption_enc_values_supported") ==
              boost::json::value{"A128GCM", "A256GCM"});
    }
}
