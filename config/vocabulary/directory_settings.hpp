#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace kommpass {

enum class directory_vendor { openldap };  // active_directory and ds389 come with their profiles

enum class directory_transport {
    ldaps,
    starttls,
    plain,  // loopback only, unless `allow_plain_text` says so in words
};

enum class group_model {
    group_of_names,  // groupOfNames/member; memberOf on the person where the overlay keeps it
    group_of_unique_names,  // groupOfUniqueNames/uniqueMember, no memberOf: searched
    posix_group,            // posixGroup/memberUid and the person's gidNumber
};

// How one member's directory is reached and read. Part of the member's registry entry.
struct directory_settings {
    directory_vendor vendor = directory_vendor::openldap;
    // "ldap://host:port" or "ldaps://host:port", in order of preference. At least one.
    std::vector<std::string> urls;
    directory_transport transport = directory_transport::ldaps;
    bool allow_plain_text = false;
    std::string ca_file;  // PEM; empty: the system's

    std::string bind_dn;             // the service account; empty: anonymous search
    std::string bind_password_file;  // a file with the password in its first line ...
    std::string bind_password_env;   // ... or an environment variable. One of the two

    std::string person_base;
    std::string person_filter = "(objectClass=inetOrgPerson)";
    std::vector<std::string> login_attributes{"uid", "mail"};
    std::string id_attribute = "entryUUID";
    std::vector<std::string>
        extra_attributes;  // asked for besides the names, for mappings by attribute

    group_model groups = group_model::group_of_names;
    bool member_of = false;  // the server keeps memberOf on persons (and on groups, for nesting)
    std::string group_base;
    int nesting_depth = 8;  // 0: direct groups only. At most 32

    std::chrono::milliseconds connect_timeout{3000};  // TCP, TLS and the service bind together
    std::chrono::milliseconds deadline{5000};         // one whole sign-in, connect included
    std::size_t max_waiting = 256;  // sign-ins and look-ups under way or waiting, per I/O thread
    std::size_t search_connections = 1;  // per I/O thread
    std::size_t bind_connections = 4;    // per I/O thread
    std::size_t page_size = 500;
    std::chrono::milliseconds identity_cache{
        30000};  // a look-up this fresh is not repeated; 0 turns it off

    friend bool operator==(const directory_settings&, const directory_settings&) = default;
};

}  // namespace kommpass
