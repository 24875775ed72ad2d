#include "idp/http/form.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using kommpass::idp::http::form;

// What was decoded can be encoded again and decodes to the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = form::parse(as_text(data, size));
    if (!parsed) return 0;
    (void)parsed->first_repeated();
    const auto encoded = kommpass::idp::http::with_query("", parsed->all());
    if (encoded.empty()) return 0;
    const auto again = form::parse(std::string_view(encoded).substr(1));
    promise(again.has_value() && again->all() == parsed->all());
    return 0;
}
