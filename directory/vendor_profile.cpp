#include "directory/vendor_profile.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/search_filter.hpp"

#include <array>
#include <cctype>

namespace kommpass::directory {
namespace {

// Where the bytes of a GUID stand in its text form.
constexpr std::array<std::size_t, 16> guid_order{3, 2, 1,  0,  5,  4,  7,  6,
                                                 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::string_view hex = "0123456789abcdef";

std::string guid_text(std::string_view bytes) {
    if (bytes.size() != 16) return {};
    std::string text;
    for (std::size_t i = 0; i < guid_order.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const auto byte = static_cast<unsigned char>(bytes[guid_order[i]]);
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

// The GUID's bytes as a filter value, each escaped (RFC 4515, 3); empty if `text` is no GUID.
std::string guid_filter_value(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == '-') continue;
        if (hex.find(c) == std::string_view::npos) return {};
        digits += c;
    }
    if (digits.size() != 32) return {};
    std::array<std::string, 16> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[guid_order[i]] = "\\" + digits.substr(2 * i, 2);
    std::string value;
    for (const auto& byte : bytes) value += byte;
    return value;
}

const vendor_profile openldap{
    .name = "OpenLDAP",
    .person_filter = "(objectClass=inetOrgPerson)",
    .login_attributes = {"uid", "mail"},
    .id_attribute = "entryUUID",
    .id = id_syntax::text,
    .groups = group_model::group_of_names,
    .state_attributes = {"pwdAccountLockedTime", "pwdReset", "pwdEndTime"},
    .failure_attributes = {"pwdFailureTime"},
    .password_change = password_change_way::password_modify,
    .feed = change_feed::sync,
};

const vendor_profile active_directory{
    .name = "Active Directory",
    .person_filter = "(&(objectCategory=person)(objectClass=user))",
    .login_attributes = {"sAMAccountName", "userPrincipalName", "mail"},
    .id_attribute = "objectGUID",
    .id = id_syntax::guid,
    .groups = group_model::stepwise,
    .state_attributes = {"userAccountControl", "msDS-User-Account-Control-Computed",
                         "accountExpires", "pwdLastSet", "msDS-UserPasswordExpiryTimeComputed",
                         "primaryGroupID", "objectSid"},
    .failure_attributes = {"badPwdCount", "badPasswordTime"},
    .password_change = password_change_way::unicode_pwd,
    .feed = change_feed::usn,
};

const vendor_profile ds389{
    .name = "389 Directory Server",
    .person_filter = "(objectClass=inetOrgPerson)",
    .login_attributes = {"uid", "mail"},
    .id_attribute = "nsUniqueId",
    .id = id_syntax::text,
    .groups = group_model::group_of_names,
    .state_attributes = {"nsAccountLock", "passwordExpirationTime"},
    .failure_attributes = {"passwordRetryCount", "retryCountResetTime"},
    .password_change = password_change_way::password_modify,
    .feed = change_feed::persistent_search,
};

}  // namespace

const vendor_profile& profile_of(directory_vendor vendor) noexcept {
    switch (vendor) {
        case directory_vendor::active_directory:
            return active_directory;
        case directory_vendor::ds389:
            return ds389;
        case directory_vendor::openldap:
            break;
    }
    return openldap;
}

directory_settings with_vendor_defaults(directory_settings settings) {
    const auto& profile = profile_of(settings.vendor);
    if (settings.person_filter.empty()) settings.person_filter = profile.person_filter;
    if (settings.login_attributes.empty()) settings.login_attributes = profile.login_attributes;
    if (settings.id_attribute.empty()) settings.id_attribute = profile.id_attribute;
    if (!settings.groups) settings.groups = profile.groups;
    return settings;
}

directory_id id_from_value(id_syntax syntax, std::string_view value) {
    if (syntax == id_syntax::guid) return directory_id(guid_text(value));
    return directory_id(lower_case(value));
}

std::string id_filter(const directory_settings& settings, const directory_id& id) {
    const bool guid = profile_of(settings.vendor).id == id_syntax::guid;
    if (!guid) return equality(settings.id_attribute, id.view());
    const auto value = guid_filter_value(id.view());
    // An id of the directory that the member had before is nobody's here.
    return value.empty() ? "(!(objectClass=*))" : "(" + settings.id_attribute + "=" + value + ")";
}

}  // namespace kommpass::directory
