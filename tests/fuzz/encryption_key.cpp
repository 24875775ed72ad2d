#include "idp/jose/encryption_key.hpp"
#include "idp/jose/jwe.hpp"
#include "policies/encryption_key.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp::jose;

// A key that is taken out of a client's set can be encrypted to, and has the form that the registry
// asks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    for (const auto& [name, alg] : key_managements) {
        const bool has_form = policies::has_encryption_key(text, alg);
        const auto key = encryption_key_in(text, alg);
        if (!key) continue;
        promise(has_form);
        const auto jwe = encrypt(*key, content_encryption::a256gcm, jwe_content::claims, "{}");
        promise(!jwe || jwe->find('.') != std::string::npos);
    }
    return 0;
}
