#include "idp/http/forwarded.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kommpass::idp::http;
    static const trusted_proxies proxies({"10.0.0.0/8"});
    static const auto proxy = boost::asio::ip::make_address("10.1.2.3");
    static const auto stranger = boost::asio::ip::make_address("192.0.2.7");
    request asked;
    asked.headers.emplace_back("x-forwarded-for", std::string(as_text(data, size)));
    const auto client = proxies.client_of(asked, proxy);
    promise(client == without_mapping(client));
    // Nobody but a proxy is believed.
    promise(proxies.client_of(asked, stranger) == stranger);
    return 0;
}
