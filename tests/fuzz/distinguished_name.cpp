#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using kommpass::distinguished_name;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    promise(kommpass::folded_name(kommpass::folded_name(text)) == kommpass::folded_name(text));
    const auto name = distinguished_name::parse(text);
    if (name) promise(name->is_within(*name));
    return 0;
}
