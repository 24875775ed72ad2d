#include "idp/jose/jwe.hpp"
#include "config/vocabulary/base64url.hpp"
#include "idp/jose/content_cipher.hpp"
#include "idp/jose/jwk.hpp"
#include "idp/jose/key_agreement.hpp"
#include "tests/support/jwe_reader.hpp"

#include <doctest/doctest.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::idp::jose;
using kommpass::tests::jwe_reader;

namespace {

std::string bytes_of(std::initializer_list<int> numbers) {
    std::string bytes;
    for (const auto one : numbers) bytes.push_back(static_cast<char>(one));
    return bytes;
}

boost::json::object p256_jwk(const char* x, const char* y) {
    return {{"kty", "EC"}, {"crv", "P-256"}, {"x", x}, {"y", y}};
}

openssl::key private_key(const char* x, const char* y, const char* d) {
    const auto point = "\x04" + *base64url::decode(x) + *base64url::decode(y);
    const auto secret = *base64url::decode(d);
    const openssl::number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(secret.data()),
                                           static_cast<int>(secret.size()), nullptr));
    auto* builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number.get());
    auto* values = OSSL_PARAM_BLD_to_param(builder);
    const openssl::key_context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, values) == 1);
    OSSL_PARAM_free(values);
    OSSL_PARAM_BLD_free(builder);
    return openssl::key(made);
}

std::string jwks_with(boost::json::object jwk) {
    return boost::json::serialize(
        boost::json::object{{"keys", boost::json::array{std::move(jwk)}}});
}

}  // namespace

TEST_CASE("RFC 7518, Appendix C: both sides of ECDH-ES come to the example's key") {
    const auto* alice_x = "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0";
    const auto* alice_y = "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps";
    const auto* bob_x = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ";
    const auto* bob_y = "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck";
    const auto alice = private_key(alice_x, alice_y, "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo");
    const auto bob = private_key(bob_x, bob_y, "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw");
    const auto bob_public = public_key_from_jwk(algorithm::es256, p256_jwk(bob_x, bob_y));
    const auto alice_public = public_key_from_jwk(algorithm::es256, p256_jwk(alice_x, alice_y));
    REQUIRE(bob_public != nullptr);
    REQUIRE(alice_public != nullptr);
    const agreement_parties parties{"Alice", "Bob"};
    const auto kind = content_encryption::a128gcm;

    const auto here = agreed_key(alice.get(), bob_public.get(), kind, parties);
    const auto there = agreed_key(bob.get(), alice_public.get(), kind, parties);
    CHECK(base64url::encode(here) == "VqqN6vgjbSBcIijNcacQGg");
    CHECK(here == there);
    CHECK(agreed_key(alice.get(), bob_public.get(), kind, {}) != here);
}

TEST_CASE("RFC 7516, A.1: the example's content is encrypted to the same bytes and tag") {
    const auto key =
        bytes_of({177, 161, 244, 128, 84,  143, 225, 115, 63, 180, 3,   255, 107, 154, 212, 246,
                  138, 7,   110, 91,  112, 46,  34,  105, 47, 130, 203, 46,  122, 234, 64,  252});
    const auto nonce = bytes_of({227, 197, 117, 252, 2, 219, 233, 68, 180, 225, 77, 219});
    const auto sealed = encrypt_content(
        content_encryption::a256gcm, key, nonce, "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ",
        "The true sign of intelligence is not knowledge but imagination.");
    CHECK(base64url::encode(sealed.ciphertext) ==
          "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A");
    CHECK(base64url::encode(sealed.tag) == "XFBoMYUZodetZdvTiFvSkQ");
}

TEST_CASE("what is encrypted to a key only its owner reads, unchanged, with every algorithm") {
    for (const auto& managed : key_managements) {
        const auto& [alg_name, alg] = managed;
        const jwe_reader owner(alg == key_management::ecdh_es ? "EC" : "RSA");
        const jwe_reader other(alg == key_management::ecdh_es ? "EC" : "RSA");
        const auto key = encryption_key_in(owner.jwks(), alg);
        REQUIRE(key.has_value());
        for (const auto& encrypted : content_encryptions) {
            const auto& [enc_name, enc] = encrypted;
            CAPTURE(managed.first);
            CAPTURE(encrypted.first);
            const auto jwe = encrypt(*key, enc, jwe_content::signed_jwt, "a.b.c").value_or("");
            const auto header = jwe_reader::header_of(jwe);
            CHECK(header.at("alg") == boost::json::string_view(alg_name));
            CHECK(header.at("enc") == boost::json::string_view(enc_name));
            CHECK(header.at("kid") == "lesbar");
            CHECK(header.at("cty") == "JWT");
            CHECK(owner.open(jwe) == "a.b.c");
            CHECK_FALSE(other.open(jwe).has_value());
            // Never the same content key, nonce or ephemeral key again.
            CHECK(encrypt(*key, enc, jwe_content::signed_jwt, "a.b.c") != jwe);
            auto changed = jwe;
            changed[jwe.rfind('.') + 1] = changed[jwe.rfind('.') + 1] == 'A' ? 'B' : 'A';
            CHECK_FALSE(owner.open(changed).has_value());
            const auto bare = encrypt(*key, enc, jwe_content::claims, "{}").value_or("");
            CHECK_FALSE(jwe_reader::header_of(bare).contains("cty"));
        }
    }
}

TEST_CASE("a set without a key for encryption is refused by a sentence") {
    const jwe_reader ec("EC");
    const jwe_reader rsa("RSA");
    const auto refused = [](const std::string& jwks, key_management alg) {
        return !encryption_key_in(jwks, alg).has_value();
    };
    const auto es = key_management::ecdh_es;
    CHECK_FALSE(refused(ec.jwks(), es));
    CHECK(refused(rsa.jwks(), es));
    CHECK(refused(ec.jwks(), key_management::rsa_oaep_256));
    CHECK(refused("", es));
    CHECK(refused(R"({"keys":[7]})", es));
    CHECK(refused(R"({"keys":{}})", es));
    for (const auto* missing : {"use", "kid", "x", "kty", "crv"}) {
        CAPTURE(missing);
        auto jwk = ec.jwk();
        jwk.erase(missing);
        CHECK(refused(jwks_with(jwk), es));
    }
    auto for_signing = ec.jwk();
    for_signing["use"] = "sig";
    CHECK(refused(jwks_with(for_signing), es));
    auto other_alg = ec.jwk();
    other_alg["alg"] = "ECDH-ES+A256KW";
    CHECK(refused(jwks_with(other_alg), es));
    auto no_point = ec.jwk();
    no_point["x"] = no_point.at("y");
    CHECK(refused(jwks_with(no_point), es));
}
