#include "idp/jose/key_agreement.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/jose/hash.hpp"

namespace kommpass::idp::jose {
namespace {

std::string_view name_of(content_encryption wanted) {
    for (const auto& [name, one] : content_encryptions) {
        if (one == wanted) return name;
    }
    return {};
}

std::string number(std::size_t value) {  // 32 bit, big endian
    std::string text(4, '\0');
    for (std::size_t i = 0; i < 4; ++i) text[3 - i] = static_cast<char>((value >> (8 * i)) & 0xff);
    return text;
}

std::string with_length(std::string_view data) {
    auto text = number(data.size());
    text.append(data);
    return text;
}

std::string shared_secret(EVP_PKEY* own, EVP_PKEY* theirs) {
    const openssl::key_context context(EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr));
    std::size_t size = 0;
    openssl::require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
                     EVP_PKEY_derive_set_peer(context.get(), theirs) == 1 &&
                     EVP_PKEY_derive(context.get(), nullptr, &size) == 1);
    std::string secret(size, '\0');
    openssl::require(EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(secret.data()),
                                     &size) == 1);
    secret.resize(size);
    return secret;
}

}  // namespace

std::string agreed_key(EVP_PKEY* own_private, EVP_PKEY* their_public, content_encryption kind,
                       const agreement_parties& parties) {
    auto secret = shared_secret(own_private, their_public);
    // NIST SP 800-56A, 5.8.1: one round gives 256 bit, as much as any of these keys is long.
    auto input = number(1) + secret + with_length(name_of(kind)) + with_length(parties.from) +
                 with_length(parties.to) + number(key_bytes(kind) * 8);
    auto key = sha256(input);
    key.resize(key_bytes(kind));
    wipe(secret);
    wipe(input);
    return key;
}

}  // namespace kommpass::idp::jose
