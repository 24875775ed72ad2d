#include "idp/oauth/user_code.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace user_code = kommpass::idp::oauth::user_code;
    const auto code = user_code::read(as_text(data, size));
    if (!code) return 0;
    promise(code->size() == 8);
    promise(user_code::read(*code) == code);
    promise(user_code::read(user_code::shown(*code)) == code);
    return 0;
}
