#include "idp/jose/hash.hpp"

#include "idp/jose/openssl.hpp"

namespace kommpass::idp::jose {
namespace {

std::string digest_of(const EVP_MD* kind, std::string_view bytes) {
    // One context for each thread: making one costs more than hashing a token.
    thread_local const openssl::digest_context context(EVP_MD_CTX_new());
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    openssl::require(EVP_DigestInit_ex2(context.get(), kind, nullptr) == 1 &&
                     EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                     EVP_DigestFinal_ex(context.get(), digest, &size) == 1);
    return std::string(reinterpret_cast<const char*>(digest), size);
}

}  // namespace

std::string sha256(std::string_view bytes) { return digest_of(openssl::sha256_digest(), bytes); }

std::string sha256_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const char c : sha256(bytes)) {
        const auto value = static_cast<unsigned char>(c);
        text.push_back(digits[value >> 4]);
        text.push_back(digits[value & 15]);
    }
    return text;
}

}  // namespace kommpass::idp::jose
