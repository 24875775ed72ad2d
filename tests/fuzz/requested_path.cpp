#include "idp/gateway/requested_path.hpp"
#include "idp/gateway/path_rules.hpp"
#include "policies/gateway_entry.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp::gateway;

// What is read has no way out of where it stands, reads the same again, and is open only where it
// begins with the open path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto entry = [] {
        policies::gateway_entry made;
        made.rules = {{.path = "/public/", .open = true},
                      {.path = "/public/admin/", .require_acr = {"strong"}}};
        return made;
    }();
    const auto path = read_path(as_text(data, size));
    if (path.ambiguous) return 0;
    promise(path.literal.starts_with('/') && path.folded.starts_with('/'));
    promise(path.folded.find("//") == std::string::npos);
    promise(path.folded.find('%') == std::string::npos);
    for (const auto* leads : {"/../", "/./", "\\", ";"})
        promise((path.folded + "/").find(leads) == std::string::npos);
    const auto again = read_path(path.folded);
    promise(again.ambiguous || again.folded == path.folded ||
            path.folded.find_first_of("?") != std::string::npos);
    const auto* rule = rule_for(entry, path, "GET");
    if (rule != nullptr && rule->open) {
        promise(path.literal == "/public" || path.literal.starts_with("/public/"));
        promise(!path.folded.starts_with("/public/admin/"));
    }
    return 0;
}
