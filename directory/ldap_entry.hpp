#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// One entry of an answer, as the server sent it but for what our bounds left out.
struct ldap_entry {
    std::string dn;
    std::map<std::string, std::vector<std::string>> attributes;  // names in lower case

    bool cut_off = false;  // a bound of ours left values out

    // The first value that is valid UTF-8; empty if there is none.
    [[nodiscard]] std::string first(std::string_view attribute) const;
    // The first value whatever its bytes; empty if there is none.
    [[nodiscard]] std::string_view first_raw(std::string_view attribute) const;
    [[nodiscard]] const std::vector<std::string>& all(std::string_view attribute) const;
};

}  // namespace kommpass::directory
