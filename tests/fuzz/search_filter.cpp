#include "directory/search_filter.hpp"
#include "config/vocabulary/utf8.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>

using namespace kommpass;
using namespace kommpass::directory;

// However the name is spelled, the filter keeps the structure that we gave it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto name = as_text(data, size);
    const auto filter =
        name_filter("(objectClass=inetOrgPerson)", {"uid", "mail"}, {std::string(name)});
    promise(std::count(filter.begin(), filter.end(), '(') == 5);
    promise(std::count(filter.begin(), filter.end(), ')') == 5);
    promise(filter.find('*') == std::string::npos && filter.find('\0') == std::string::npos);
    promise(!is_sendable_name(name) || is_utf8(name));
    return 0;
}
