#include "policies/registry_files.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass::policies;

// What reads also writes, and reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text(data, size));
    const auto read = read_registry({{"members/a.toml", text},
                                     {"applications/a.toml", text},
                                     {"mappings/a.toml", text},
                                     {"grants/a.toml", text},
                                     {"constraints/a.toml", text}});
    const auto member = read_registry({{"members/a.toml", text}});
    for (const auto* one : {&read, &member}) {
        if (!*one) continue;
        const auto compiled = compile(**one, 1);
        if (!compiled) continue;
        const auto again = read_registry(write_registry(**one));
        promise(again.has_value() && *again == **one);
    }
    return 0;
}
