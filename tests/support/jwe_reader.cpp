#include "tests/support/jwe_reader.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/jose/jwk.hpp"
#include "idp/jose/key_agreement.hpp"

#include <openssl/rsa.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>

namespace kommpass::tests {
namespace {

namespace jose = idp::jose;

const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int as_int(std::size_t size) { return static_cast<int>(size); }

// The five parts as they were sent.
std::optional<std::array<std::string, 5>> parts_of(std::string_view jwe) {
    std::array<std::string, 5> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto dot = jwe.find('.');
        if ((dot == std::string_view::npos) != (i == 4)) return std::nullopt;
        parts[i] = std::string(jwe.substr(0, dot));
        jwe.remove_prefix(i == 4 ? jwe.size() : dot + 1);
    }
    return parts;
}

std::optional<std::string> unwrapped(EVP_PKEY* key, const std::string& wrapped) {
    const jose::openssl::key_context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = plain.size();
    if (EVP_PKEY_decrypt_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_decrypt(context.get(), bytes(plain), &size, bytes(wrapped), wrapped.size()) != 1)
        return std::nullopt;
    plain.resize(size);
    return plain;
}

std::optional<std::string> decrypted(const EVP_CIPHER* cipher, const std::string& key,
                                     const std::string& nonce, const std::string& authenticated,
                                     const std::string& text, std::string tag) {
    const jose::openssl::cipher_context context(EVP_CIPHER_CTX_new());
    std::string plain(text.size(), '\0');
    int size = 0;
    const bool right =
        EVP_DecryptInit_ex(context.get(), cipher, nullptr, bytes(key), bytes(nonce)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(authenticated),
                          as_int(authenticated.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes(plain), &size, bytes(text), as_int(text.size())) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, as_int(tag.size()), bytes(tag)) ==
            1 &&
        EVP_DecryptFinal_ex(context.get(), bytes(plain) + size, &size) == 1;
    return right ? std::optional(plain) : std::nullopt;
}

}  // namespace

jwe_reader::jwe_reader(std::string_view kty, std::string kid)
    : kty_(kty),
      kid_(std::move(kid)),
      key_(kty == "EC" ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048)) {}

boost::json::object jwe_reader::jwk() const {
    auto jwk =
        jose::jwk_of(key_.get(), kty_ == "EC" ? jose::algorithm::es256 : jose::algorithm::rs256);
    jwk["kid"] = kid_;
    jwk["use"] = "enc";
    return jwk;
}

std::string jwe_reader::jwks() const {
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{jwk()}}});
}

boost::json::object jwe_reader::header_of(std::string_view jwe) {
    const auto text = base64url::decode(jwe.substr(0, jwe.find('.')));
    return text ? boost::json::parse(*text).as_object() : boost::json::object{};
}

std::optional<std::string> jwe_reader::open(std::string_view jwe) const {
    const auto parts = parts_of(jwe);
    if (!parts) return std::nullopt;
    const auto header = header_of(jwe);
    const bool small = header.at("enc") == "A128GCM";
    const auto kind = small ? content_encryption::a128gcm : content_encryption::a256gcm;
    std::optional<std::string> key;
    if (header.at("alg") == "ECDH-ES") {
        const auto epk =
            jose::public_key_from_jwk(jose::algorithm::es256, header.at("epk").as_object());
        if (!epk || !(*parts)[1].empty()) return std::nullopt;
        key = jose::agreed_key(key_.get(), epk.get(), kind, {});
    } else {
        key = unwrapped(key_.get(), base64url::decode((*parts)[1]).value_or(""));
    }
    if (!key || key->size() != key_bytes(kind)) return std::nullopt;
    return decrypted(small ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), *key,
                     base64url::decode((*parts)[2]).value_or(""), (*parts)[0],
                     base64url::decode((*parts)[3]).value_or(""),
                     base64url::decode((*parts)[4]).value_or(""));
}

}  // namespace kommpass::tests
