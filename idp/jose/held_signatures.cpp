#include "idp/jose/held_signatures.hpp"

#include "idp/jose/hash.hpp"

#include <cstring>

namespace kommpass::idp::jose {
namespace {

std::array<std::uint64_t, 4> digest_words(std::string_view jws) {
    std::array<std::uint64_t, 4> digest;
    const auto bytes = sha256(jws);
    std::memcpy(digest.data(), bytes.data(), sizeof digest);
    return digest;
}

}  // namespace

held_signatures::held_signatures(std::size_t places) : places_(places) {}

// Relaxed loads are enough: a place stands for itself, and a mixture of two digests is the digest
// of no token that anybody could find.
bool held_signatures::contains(std::string_view jws) const {
    const auto digest = digest_words(jws);
    const auto& here = places_[digest[0] % places_.size()];
    bool same = true;
    for (std::size_t i = 0; i < words; ++i) {
        same = same && here[i].load(std::memory_order_relaxed) == digest[i];
    }
    return same;
}

void held_signatures::add(std::string_view jws) {
    const auto digest = digest_words(jws);
    auto& here = places_[digest[0] % places_.size()];
    for (std::size_t i = 0; i < words; ++i) here[i].store(digest[i], std::memory_order_relaxed);
}

}  // namespace kommpass::idp::jose
