#include "idp/jose/foreign_jwt.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/signing_key.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>

using namespace kommpass;
using namespace kommpass::idp::jose;

namespace {

constexpr std::array every{algorithm::es256, algorithm::rs256, algorithm::ps256, algorithm::eddsa,
                           algorithm::ed25519};

std::string jws_of(const signing_key& key, const std::string& header, const std::string& payload) {
    const auto part = base64url::encode(header) + "." + base64url::encode(payload);
    return part + "." + base64url::encode(key.sign(part));
}

std::string jwks_of(const signing_key& key) {
    auto jwk = key.to_public_jwk();
    jwk["kid"] = "k";
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk}}});
}

}  // namespace

TEST_CASE("RFC 7515, A.3: the ES256 example verifies") {
    const auto keys = parse_jwks(
        R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})");
    REQUIRE(keys.has_value());
    const auto claims = (*keys)->verify(
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
        "VlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        every);
    REQUIRE(claims.has_value());
    CHECK(claims->at("iss") == "joe");
}

TEST_CASE("RFC 8037, A.4: the Ed25519 example's signature verifies") {
    const auto key = signing_key::from_public_jwk(
        algorithm::eddsa,
        {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}});
    REQUIRE(key.has_value());
    const auto signature = base64url::decode(
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    CHECK(key->verify("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", *signature));
    CHECK(key->thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");  // RFC 8037, A.3
}

TEST_CASE("none, HMAC with the public key, and algorithms that are not allowed are refused") {
    const auto key = signing_key::generate(algorithm::es256);
    const auto keys = *parse_jwks(jwks_of(key));
    CHECK(keys->verify(jws_of(key, R"({"alg":"none"})", "{}"), every).error() ==
          jwt_error::algorithm_refused);
    CHECK(keys->verify(jws_of(key, R"({"alg":"HS256"})", "{}"), every).error() ==
          jwt_error::algorithm_refused);
    CHECK(keys->verify(jws_of(key, R"({"alg":"es256"})", "{}"), every).error() ==
          jwt_error::algorithm_refused);
    const std::array only_ps256{algorithm::ps256};
    CHECK(keys->verify(jws_of(key, R"({"alg":"ES256"})", "{}"), only_ps256).error() ==
          jwt_error::algorithm_refused);
    CHECK(keys->verify(jws_of(key, R"({"alg":"RS256"})", "{}"), every).error() ==
          jwt_error::unknown_key);
    CHECK(keys->verify(jws_of(key, R"({"alg":"ES256","kid":"other"})", "{}"), every).error() ==
          jwt_error::unknown_key);
    CHECK(keys->verify(jws_of(key, R"({"alg":"ES256","kid":"k"})", "{}"), every).has_value());
}

TEST_CASE("headers that ask for more than a signature are refused") {
    const auto key = signing_key::generate(algorithm::es256);
    const auto keys = *parse_jwks(jwks_of(key));
    for (const auto* header :
         {R"({"alg":"ES256","crit":["exp"]})", R"({"alg":"ES256","b64":false})",
          R"({"alg":"ES256","jku":"https://x"})", R"({"alg":"ES256","x5u":"https://x"})",
          R"({"alg":"ES256","jwk":{}})", R"({"alg":"ES256","x5c":[]})"}) {
        CHECK(keys->verify(jws_of(key, header, "{}"), every).error() == jwt_error::header_refused);
    }
}

TEST_CASE("an ES256 signature has exactly 64 bytes, and another key's does not verify") {
    const auto key = signing_key::generate(algorithm::es256);
    const auto other = signing_key::generate(algorithm::es256);
    const std::string message = "header.payload";
    const auto signature = key.sign(message);
    CHECK(signature.size() == 64);
    CHECK(key.verify(message, signature));
    CHECK_FALSE(other.verify(message, signature));
    CHECK_FALSE(key.verify(message, signature + std::string(1, '\0')));
    CHECK_FALSE(key.verify(message, signature.substr(0, 63)));
    CHECK_FALSE(key.verify(message, std::string(64, '\0')));
}

TEST_CASE("weak and strange keys are refused") {
    CHECK_FALSE(parse_jwks("").has_value());
    CHECK_FALSE(parse_jwks(R"({"keys":{}})").has_value());
    CHECK_FALSE(parse_jwks(R"({"keys":[]})").has_value());
    CHECK_FALSE(parse_jwks(R"({"keys":[{"kty":"oct","k":"AAAA"}]})").has_value());
    // not a point of the curve
    CHECK_FALSE(
        parse_jwks(
            R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}]})")
            .has_value());
    openssl::key weak(EVP_RSA_gen(1024));
    const signing_key small(algorithm::rs256, std::move(weak));
    CHECK_FALSE(parse_jwks(jwks_of(small)).has_value());
    CHECK_FALSE(
        signing_key::from_private_der(algorithm::rs256, small.to_private_der()).has_value());
}

TEST_CASE("strict JSON: doubled members, trailing bytes and depth are refused at every level") {
    CHECK(parse_strict_object(R"({"a":{"b":[1,2,{"c":null}]}})").has_value());
    for (const auto* wrong : {R"({"a":1,"a":2})", R"({"x":{"a":1,"\u0061":2}})", R"({"a":1} x)",
                              R"({"a":1}{})", "[]", "1", "", "{", "{\"a\":\"\xff\"}", R"({"a":1,})",
                              "{/*c*/}", R"({"a":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]})"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_strict_object(wrong).has_value());
    }
}

TEST_CASE("strict JSON: a whole number is one, however it is written") {
    const auto read = parse_strict_object(
        R"({"a":300.0,"b":[3e2,{"c":-0.0}],"d":0.5,"e":9007199254740993.0e3,"f":1e999,"g":7})");
    REQUIRE(read.has_value());
    CHECK(read->at("a").is_int64());
    CHECK(read->at("a") == 300);
    CHECK(read->at("b").at(0) == 300);
    CHECK(read->at("b").at(1).at("c").is_int64());
    CHECK(read->at("d").is_double());
    CHECK(read->at("e").is_double());
    CHECK(read->at("f").is_double());
    CHECK(read->at("g") == 7);
}
