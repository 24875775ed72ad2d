#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// How the immutable id comes over the wire.
enum class id_syntax {
    text,  // entryUUID, nsUniqueId
    guid,  // objectGUID: 16 bytes, the first three fields little-endian ([MS-DTYP] 2.3.4.2)
};

enum class password_change_way {
    password_modify,  // RFC 3062, bound as the person
    unicode_pwd,      // [MS-ADTS] 3.1.1.3.1.5: delete the old value, add the new one
};

// How a server tells that its entries change.
enum class change_feed {
    sync,               // RFC 4533, refreshAndPersist
    persistent_search,  // draft-ietf-ldapext-psearch
    usn,  // Active Directory's update sequence number: a read of the root DSE each second
};

// What the servers of a vendor have in common. What a member's settings leave open, its vendor's
// profile fills in.
struct vendor_profile {
    std::string_view name;  // as people write it
    std::string_view person_filter;
    std::vector<std::string> login_attributes;
    std::string_view id_attribute;
    id_syntax id;
    group_model groups;
    // Asked for of every person, to know how the account stands. Never a password.
    std::vector<std::string> state_attributes;
    // How many wrong passwords the server has counted, and when; for `wrong_passwords_counted`.
    std::vector<std::string> failure_attributes;
    password_change_way password_change;
    change_feed feed;
};

[[nodiscard]] const vendor_profile& profile_of(directory_vendor) noexcept;

// The settings with nothing left open.
[[nodiscard]] directory_settings with_vendor_defaults(directory_settings);

// A directory id from the attribute's raw value: lower-case text, a GUID with its hyphens. Empty if
// the value is none.
[[nodiscard]] directory_id id_from_value(id_syntax, std::string_view value);
// "(objectGUID=\c5\91...)": the filter that finds the id again.
[[nodiscard]] std::string id_filter(const directory_settings&, const directory_id&);

}  // namespace kommpass::directory
