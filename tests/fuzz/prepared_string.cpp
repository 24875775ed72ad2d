#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/shortened_text.hpp"
#include "config/vocabulary/utf8.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    const auto once = prepared(text);
    promise(prepared(once) == once);
    promise(is_utf8(once) == is_utf8(text));
    promise(once.size() <= 11 * text.size());
    const auto kept = prepared_keeping_case(text);
    promise(prepared_keeping_case(kept) == kept);
    promise(prepared(kept) == once);
    const auto searched = folded_name(text);
    promise(folded_name(searched) == searched);
    const auto domain = comparable_domain(text);
    promise(comparable_domain(domain) == domain);
    const auto shown = shortened(text, 16);
    promise(shown.size() <= 16 && is_utf8(shown));
    promise(text.size() > 16 || !is_utf8(text) || shown == text);
    return 0;
}
