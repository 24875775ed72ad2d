#include "idp/registration/client_metadata.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

using namespace kommpass;
using namespace kommpass::idp::registration;

// What is taken says no more than a client may say of itself, is told back as the same, and an
// error can stand in an answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = read_client_metadata(as_text(data, size));
    if (!read) {
        const auto& text = read.error().description;
        promise(!text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
            return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        }));
        return 0;
    }
    promise(read->id.empty() && read->secret_sha256.empty() && read->audiences.empty());
    promise(read->require_pkce && read->sector.empty());
    promise(read->request_uris.empty() || !read->jwks.empty() || !read->jwks_uri.empty());
    const auto again = read_client_metadata(boost::json::serialize(client_metadata(*read)));
    promise(again && again->redirect_uris == read->redirect_uris);
    promise(again->scopes == read->scopes && again->id_token_alg == read->id_token_alg);
    promise(again->request_uris == read->request_uris);
    promise(again->default_acr_values == read->default_acr_values);
    return 0;
}
