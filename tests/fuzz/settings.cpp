#include "config/settings.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = kommpass::config::parse_settings(as_text(data, size), "kommpass.toml");
    promise(read || !read.error().empty());
    promise(!read || read->issuer.starts_with("https://"));
    return 0;
}
