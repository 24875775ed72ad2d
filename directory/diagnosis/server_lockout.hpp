#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "directory/diagnosis/report.hpp"
#include "directory/ldap_entry.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::directory::diagnosis {

// When a server locks an account, as it says itself.
struct server_lockout {
    std::size_t threshold = 0;  // wrong passwords; 0: never
    // How long a wrong one counts; nothing: until a right one comes.
    std::optional<std::chrono::seconds> window;
};

// Where a vendor keeps its rules.
struct lockout_place {
    std::string base;
    int scope;
    std::string filter;
};
// `contexts`: the naming contexts; `default_context`: Active Directory's domain.
//   OpenLDAP          policies of the ppolicy overlay (draft-behera-ldap-password-policy, 5.2)
//   Active Directory  the domain, and fine-grained policies ([MS-ADTS] 3.1.1.4.5.36)
//   389 DS            cn=config, and policies of subtrees and persons
[[nodiscard]] std::vector<lockout_place> lockout_places(directory_vendor,
                                                        const std::vector<std::string>& contexts,
                                                        const std::string& default_context);
[[nodiscard]] std::vector<std::string> lockout_attributes(directory_vendor);

// The rule that one entry states; nothing if it states none.
[[nodiscard]] std::optional<server_lockout> lockout_in(const ldap_entry&, directory_vendor);
// The strictest of several: whoever guesses knows nobody's policy, and neither do we.
[[nodiscard]] server_lockout strictest(const std::vector<server_lockout>&);

// Says whether our guard keeps below it. `told` is empty where no rule could be read.
void judge_lockout(const std::vector<server_lockout>& told, const directory_settings&, report&);

}  // namespace kommpass::directory::diagnosis
