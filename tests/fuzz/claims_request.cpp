#include "idp/oauth/claims_request.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto request = kommpass::idp::oauth::parse_claims_request(as_text(data, size));
    promise(request || !request.error().empty());
    return 0;
}
