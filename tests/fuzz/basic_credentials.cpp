#include "idp/http/basic_credentials.hpp"
#include "idp/http/bearer_token.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto header = as_text(data, size);
    const auto credentials = kommpass::idp::http::parse_basic_credentials(header);
    promise(!credentials || !credentials->id.empty());
    const auto token = kommpass::idp::http::parse_bearer_token(header);
    promise(!token || !token->empty());
    promise(!(credentials && token));
    return 0;
}
