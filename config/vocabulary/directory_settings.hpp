#pragma once

#include "config/vocabulary/secret_string.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kommpass {

// What a vendor's servers have in common is its profile: directory/vendor_profile.hpp.
enum class directory_vendor { openldap, active_directory, ds389 };

enum class directory_transport {
    ldaps,
    starttls,
    plain,  // loopback only, unless `allow_plain_text` says so in words
};

enum class group_model {
    group_of_names,  // groupOfNames/member; memberOf on the person where the overlay keeps it
    group_of_unique_names,  // groupOfUniqueNames/uniqueMember, no memberOf: searched
    posix_group,            // posixGroup/memberUid and the person's gidNumber
    stepwise,  // Active Directory: memberOf of the person and of each group, and the primary group
    in_chain,  // Active Directory: the server follows the chain of members (in-chain rule)
};

// Which of a member's servers is asked.
enum class replica_order {
    in_order,  // the first that works; the ones before it are tried again and again
    balanced,  // all that work, in turn
};

// How Kommpass learns of leavers.
enum class leaver_watch {
    push,  // as soon as the directory changes, in whatever way the vendor offers
    poll,  // at every `poll_interval` only
};

// A sealed password that was opened, for as long as the process has it in use. It follows from what
// was sealed, so it makes no difference when settings are compared; no document has it.
struct opened_password {
    std::shared_ptr<const secret_string> value;
    friend bool operator==(const opened_password&, const opened_password&) noexcept { return true; }
};

// How one member's directory is reached and read. Part of the member's registry entry.
struct directory_settings {
    directory_vendor vendor = directory_vendor::openldap;
    // "ldap://host:port" or "ldaps://host:port", in order of preference. At least one.
    std::vector<std::string> urls;
    replica_order order = replica_order::in_order;
    directory_transport transport = directory_transport::ldaps;
    bool allow_plain_text = false;
    std::string ca_file;  // PEM; empty: the system's
    std::string
        ca_certificate;  // one certificate as PEM text, trusted besides: confirmed by people
    // PEM, both or none: the service account proves itself by this certificate (SASL EXTERNAL)
    // and has no password.
    std::string client_certificate_file;
    std::string client_key_file;

    std::string bind_dn;             // the service account; empty: anonymous search
    std::string bind_password_file;  // a file with the password in its first line ...
    std::string bind_password_env;   // ... or an environment variable ...
    // ... or sealed by the service's key file, as the console keeps it. One of the three.
    std::string bind_password_sealed;
    opened_password bind_password{};

    std::string person_base;
    std::string person_filter;                  // empty: the vendor's, as the next two
    std::vector<std::string> login_attributes;  // the first is the name that people see
    std::string id_attribute;
    std::string netbios_name;  // Active Directory: the KOMMUNE of KOMMUNE\anna.noack
    // The member's domains: what stands before one may be a login name. Taken from the member, no
    // document has them here.
    std::vector<std::string> own_domains{};
    std::vector<std::string>
        extra_attributes;  // asked for besides the names, for mappings by attribute
    // What finds a person again should the member replace its directory.
    std::vector<std::string> tie_attributes{"employeeNumber", "mail"};

    std::optional<group_model> groups;  // unset: the vendor's
    bool member_of = false;  // the server keeps memberOf on persons (and on groups, for nesting)
    std::string group_base;
    int nesting_depth = 8;  // 0: direct groups only. At most 32

    std::chrono::milliseconds connect_timeout{3000};  // TCP, TLS and the service bind together
    std::chrono::milliseconds deadline{5000};         // one whole sign-in, connect included
    // A server that does not answer for this long is given up for another, if there is one.
    std::chrono::milliseconds failover_after{1500};
    std::chrono::milliseconds health_check{15000};  // of connections that nobody uses
    std::size_t max_waiting = 256;  // sign-ins and look-ups under way or waiting, per I/O thread
    std::size_t search_connections = 1;  // per I/O thread
    std::size_t bind_connections = 4;    // per I/O thread
    std::size_t page_size = 500;
    std::chrono::milliseconds identity_cache{
        30000};  // a look-up this fresh is not repeated; 0 turns it off
    // Which group lies in which is asked again after this; 0: at every sign-in. What a person is in
    // directly is never remembered.
    std::chrono::milliseconds group_cache{60000};

    // The directory locks an account after so many wrong passwords within the window; we stop
    // before. 0: it does not.
    std::size_t lockout_threshold = 0;
    std::chrono::seconds lockout_window{std::chrono::minutes(30)};
    bool change_password = true;  // people may change their password through us
    std::chrono::seconds expiry_notice{std::chrono::days(14)};  // before a password expires

    leaver_watch watch = leaver_watch::push;
    std::chrono::seconds poll_interval{60};
    // How long sessions and refresh tokens are honoured while the directory cannot be asked.
    std::chrono::seconds trust_while_unreachable{std::chrono::hours(12)};

    friend bool operator==(const directory_settings&, const directory_settings&) = default;
};

}  // namespace kommpass
