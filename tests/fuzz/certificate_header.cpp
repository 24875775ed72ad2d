#include "idp/http/certificate_header.hpp"
#include "tests/fuzz/fuzz_input.hpp"

// Whatever is taken is one DER sequence, and has as many bytes as it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto der = kommpass::idp::http::certificate_in_header(as_text(data, size));
    if (!der) return 0;
    promise(der->size() >= 131 && der->size() <= 16 * 1024);
    promise(static_cast<unsigned char>(der->front()) == 0x30);
    return 0;
}
