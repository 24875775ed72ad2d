// Controls and messages of change feeds, as a server may send them.
#include "directory/sync_controls.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::directory;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    const auto uuid = entry_uuid_in(text);
    promise(uuid.empty() || uuid.size() == 36);
    (void)read_sync_info(text);
    return 0;
}
