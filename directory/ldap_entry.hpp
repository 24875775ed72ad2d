#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// One entry of an answer, as the server sent it but for what our bounds left out. An attribute has
// a set of values (RFC 4511, 4.1.7): in what order a server sends them means nothing, and another
// replica may send another. So nobody here can ask for the first one.
struct ldap_entry {
    std::string dn;
    std::map<std::string, std::vector<std::string>> attributes;  // names in lower case

    bool cut_off = false;  // a bound of ours left values out

    // Every value, in the server's order and whatever its bytes.
    [[nodiscard]] const std::vector<std::string>& all(std::string_view attribute) const;
    // Every value that is UTF-8 and not blank, in an order of ours (RFC 4518, then bytes).
    [[nodiscard]] std::vector<std::string> texts(std::string_view attribute) const;
    // The text to show where one is wanted: the one that the entry's RDN has, else the least of
    // `texts`. Empty if there is none.
    [[nodiscard]] std::string shown(std::string_view attribute) const;
    // The value of an attribute that can have one only, whatever its bytes; empty where there is
    // none, or where there are several after all.
    [[nodiscard]] std::string_view only(std::string_view attribute) const;
};

}  // namespace kommpass::directory
