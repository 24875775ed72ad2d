#include "directory/login_name.hpp"

#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/utf8.hpp"
#include "directory/home_realm.hpp"
#include "directory/search_filter.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <algorithm>

using namespace kommpass;
using namespace kommpass::directory;

// However a name is typed: only what may be sent is sent, the filter keeps its structure, and what
// differs in blanks at its end is counted as one (a blank before it could carry a mark).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto typed = as_text(data, size);
    directory_settings settings;
    settings.person_filter = "(objectClass=inetOrgPerson)";
    settings.login_attributes = {"uid", "mail"};
    settings.netbios_name = "LEBUS";
    settings.own_domains = {"amt-lübben.example", "lebus.example"};

    const auto name = login_name::read(typed, settings);
    promise(name.whole.size() <= 2 && name.local.size() <= 2);
    for (const auto* all : {&name.whole, &name.local}) {
        for (const auto& one : *all) promise(is_sendable_name(one));
    }
    promise(prepared(name.counted) == name.counted);
    if (name.whole.empty()) return 0;

    const auto filter = name.filter(settings);
    const auto conditions = 2 * (name.whole.size() + name.local.size());
    promise(static_cast<std::size_t>(std::count(filter.begin(), filter.end(), '(')) ==
            3 + conditions);
    promise(filter.find('*') == std::string::npos);
    const auto padded = std::string(typed) + "\u00a0\t\u200b";
    if (is_utf8(typed)) promise(login_name::read(padded, settings).counted == name.counted);

    ldap_entry entry;
    entry.attributes["uid"] = {std::string(typed)};
    const auto parts = split_user_name(typed);
    ldap_entry other;
    other.attributes["uid"] = {parts.local};
    promise(!name.meant({entry, other}, settings).empty());
    return 0;
}
