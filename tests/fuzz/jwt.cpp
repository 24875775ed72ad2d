#include "config/vocabulary/randomness.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/key_ring.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <unistd.h>

#include <array>
#include <filesystem>

using namespace kommpass;
using namespace kommpass::idp::jose;

namespace {

key_ring_ptr make_ring() {
    const auto file = std::filesystem::temp_directory_path() /
                      ("kommpass-fuzz-keys-" + std::to_string(::getpid()));
    system_randomness random;
    auto ring = *open_key_file(file.string(), random, system_clock().now());
    std::filesystem::remove(file);
    return ring;
}

}  // namespace

// Nothing that was not signed verifies, whatever its bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto ring = make_ring();
    static const auto published = *parse_jwks(*ring->jwks_json());
    constexpr std::array every{algorithm::es256, algorithm::rs256, algorithm::ps256,
                               algorithm::eddsa, algorithm::ed25519};
    const auto text = as_text(data, size);
    promise(!ring->verify_own(text, "JWT"));
    promise(!ring->open("purpose", text));
    promise(!published->verify(text, every));
    (void)parse_strict_object(text);
    (void)parse_jwks(text);
    return 0;
}
