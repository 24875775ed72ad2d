#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "directory/ldap_entry.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// A login name as it was typed, as the directory is asked for it.
struct login_name {
    // As typed, and as RFC 4518 prepares it where that differs; case is the server's to judge.
    // Without the NetBIOS name that means this directory. Empty: nothing that a server may be sent.
    std::vector<std::string> whole;
    // What stands before a domain of the member's own, likewise; empty: none was typed. Tried where
    // nobody has the whole name, since not every directory keeps mail addresses.
    std::vector<std::string> local;
    // One for all spellings of a name: under what guessing at nobody is counted. "anna",
    // " ANNA", "anna@<own domain>" and "<own NetBIOS name>\anna" are one.
    std::string counted;

    [[nodiscard]] static login_name read(std::string_view typed, const directory_settings&);

    // "(&<person filter>(|(uid=...)(mail=...)))": the entries that the name can mean.
    [[nodiscard]] std::string filter(const directory_settings&) const;
    // How many entries tell whether the name is ambiguous.
    [[nodiscard]] int size_limit() const { return local.empty() ? 2 : 4; }
    // Those that the name means: who has the whole name, else who has the part before the domain.
    [[nodiscard]] std::vector<ldap_entry> meant(std::vector<ldap_entry>,
                                                const directory_settings&) const;
};

}  // namespace kommpass::directory
