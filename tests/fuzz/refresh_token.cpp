#include "idp/oauth/refresh_token.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    const auto token = kommpass::idp::oauth::refresh_token::parse(text);
    if (!token) return 0;
    promise(token->text == text);
    promise(!token->family.empty() && text.substr(0, token->family.size()) == token->family);
    promise(!token->generation || *token->generation >= 0);
    return 0;
}
