// What directories write into attributes and messages, whatever they write.
#include "directory/account_state.hpp"
#include "directory/active_directory_code.hpp"
#include "directory/security_identifier.hpp"
#include "directory/unicode_pwd.hpp"
#include "directory/value_range.hpp"
#include "directory/vendor_profile.hpp"
#include "tests/fuzz/fuzz_input.hpp"

using namespace kommpass;
using namespace kommpass::directory;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text(data, size);
    (void)parse_generalized_time(text);
    (void)parse_file_time(text);
    (void)active_directory_code(text);
    const auto sid = sid_of_primary_group(text, "513");
    promise(sid.empty() || sid.size() == text.size());
    (void)unicode_pwd_value(secret_string(std::string_view(text)));
    const auto guid = id_from_value(id_syntax::guid, text);
    promise(guid.empty() || guid.view().size() == 36);
    directory_settings settings;
    settings.vendor = directory_vendor::active_directory;
    settings = with_vendor_defaults(settings);
    const auto filter = id_filter(settings, directory_id(text));
    promise(filter.find('*') == std::string::npos || filter == "(!(objectClass=*))");
    ldap_entry entry;
    entry.attributes[std::string(text)] = {"one"};
    (void)take_open_range(entry);
    return 0;
}
