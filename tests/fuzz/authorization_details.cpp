#include "idp/oauth/authorization_details.hpp"
#include "policies/registry_files.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::idp;

namespace {

policies::snapshot_ptr make_registry() {
    const auto read = policies::read_registry(
        {{"members/lebus.toml",
          "slug = \"lebus\"\nname = \"Amt Lebus\"\n[directory]\nurls = [\"ldap://127.0.0.1:389\"]\n"
          "transport = \"plain\"\nperson_base = \"dc=lebus\"\ngroup_base = \"dc=lebus\"\n"},
         {"applications/dms.toml",
          "key = \"dms\"\nname = \"E-Akte\"\n[[role]]\nname = \"dms.lesen\"\ntitle = \"Lesen\"\n"
          "[[client]]\nid = \"dms-web\"\nauthentication = \"none\"\n"
          "authorization_details_types = [\"urn:kommpass:role\"]\n"
          "redirect_uris = [\"https://dms.example/callback\"]\n"}});
    return *policies::compile(*read, 1);
}

}  // namespace

// What is read is of the registry, and comes back as it was once it is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto registry = make_registry();
    const auto entry = registry->find_client("dms-web");
    const auto text = as_text(data, size);
    const auto read =
        oauth::parse_authorization_details(text, *registry, *entry.registered, *entry.owner);
    if (!read) return 0;
    promise(!read->empty() && read->size() <= 16);
    for (const auto& one : *read)
        promise(one.member.view() == "lebus" && one.role.view() == "dms.lesen");
    const auto again = oauth::parse_authorization_details(oauth::to_text(*read), *registry,
                                                          *entry.registered, *entry.owner);
    promise(again && *again == *read);
    promise(oauth::still_held(oauth::to_text(*read), {}).empty());
    return 0;
}
