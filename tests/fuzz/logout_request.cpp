#include "idp/oauth/logout_request.hpp"
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
                      ("kommpass-fuzz-logout-" + std::to_string(::getpid()));
    system_randomness random;
    auto ring = *jose::open_key_file(file.string(), random, system_clock().now());
    std::filesystem::remove(file);
    return ring;
}

policies::snapshot_ptr make_registry() {
    const auto read = policies::read_registry(
        {{"applications/dms.toml",
          "key = \"dms\"\nname = \"E-Akte\"\n[[client]]\nid = \"dms-web\"\n"
          "authentication = \"none\"\nredirect_uris = [\"https://dms.example/callback\"]\n"
          "post_logout_redirect_uris = [\"https://dms.example/danach\"]\n"}});
    return *policies::compile(*read, 1);
}

}  // namespace

// Whoever asks is sent to the registered address or nowhere, and nothing that was not signed says
// whom to sign out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto ring = make_ring();
    static const auto registry = make_registry();
    const auto form = http::form::parse(as_text(data, size));
    if (!form) return 0;
    const auto asked = oauth::parse_logout_request(*form, *registry, *ring, "https://idp.example");
    promise(!asked.has_valid_hint() && asked.session.empty());
    promise(asked.redirect_uri.empty() ||
            asked.redirect_uri.starts_with("https://dms.example/danach"));
    promise(asked.client.empty() || asked.client.view() == "dms-web");
    promise(http::form::parse(asked.without_hint()).has_value());
    return 0;
}
