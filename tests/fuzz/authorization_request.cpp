#include "idp/oauth/authorization_request.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/http/form.hpp"
#include "idp/jose/key_ring.hpp"
#include "policies/registry_files.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <unistd.h>

#include <filesystem>

using namespace kommpass;
using namespace kommpass::idp;

namespace {

jose::key_ring_ptr make_ring() {
    const auto file = std::filesystem::temp_directory_path() /
                      ("kommpass-fuzz-ring-" + std::to_string(::getpid()));
    system_randomness random;
    auto ring = *jose::open_key_file(file.string(), random, system_clock().now());
    std::filesystem::remove(file);
    return ring;
}

policies::snapshot_ptr make_registry() {
    const auto read =
        policies::read_registry({{"applications/dms.toml",
                                  "key = \"dms\"\nname = \"E-Akte\"\n[[client]]\nid = "
                                  "\"dms-web\"\nauthentication = \"none\"\n"
                                  "redirect_uris = [\"https://dms.example/callback\"]\n"}});
    return *policies::compile(*read, 1);
}

}  // namespace

// Whatever is asked, an answer goes to the registered address or nowhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto ring = make_ring();
    static const auto registry = make_registry();
    const std::string text(as_text(data, size));
    const auto form = http::form::parse(text);
    if (!form) return 0;
    const auto parsed =
        oauth::parse_authorization_request(*form, {}, text, registry, *ring, "https://idp.example");
    if (const auto* refused = std::get_if<oauth::refused_to_client>(&parsed)) {
        promise(refused->target.redirect_uri == "https://dms.example/callback");
    }
    if (const auto* request = std::get_if<oauth::authorization_request>(&parsed)) {
        promise(request->target.redirect_uri == "https://dms.example/callback" &&
                !request->challenge.empty());
    }
    return 0;
}
