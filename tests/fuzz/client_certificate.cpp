#include "config/vocabulary/clock.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "policies/registry.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;

// Whatever somebody shows as a certificate is read without harm, and proves nobody: not by an
// authority that there is none of, nor by a key that nobody registered.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const oauth::client_authorities nobody{{}};
    static const auto now = from_unix_seconds(1'790'000'000);
    const auto shown = as_text(data, size);
    promise(!nobody.why_not(shown, now).empty());
    promise(!oauth::fault_of_self_signed(R"({"keys":[]})", shown, now).empty());
    promise(oauth::certificate_thumbprint(shown).size() == 43);
    policies::client client;
    promise(!oauth::fault_of_subject(client, shown).empty());
    for (const auto field :
         {&policies::client::tls_client_auth_subject_dn, &policies::client::tls_client_auth_san_dns,
          &policies::client::tls_client_auth_san_uri, &policies::client::tls_client_auth_san_ip,
          &policies::client::tls_client_auth_san_email}) {
        policies::client one;
        one.*field = "CN=meso-batch";
        (void)oauth::fault_of_subject(one, shown);
    }
    return 0;
}
