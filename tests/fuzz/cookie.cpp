#include "idp/http/cookie.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kommpass::idp::http::request request;
    request.headers.emplace_back("cookie", std::string(as_text(data, size)));
    const kommpass::idp::http::cookies sent(request);
    const auto found = sent.get("__Host-kommpass-session");
    promise(!found || found->find_first_of("; \t\r\n") == std::string_view::npos);
    return 0;
}
