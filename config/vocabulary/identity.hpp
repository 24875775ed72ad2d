#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kommpass {

// One group that a person belongs to, directly or through other groups.
struct group_membership {
    std::string dn;    // as the directory writes it
    std::string name;  // the group's cn; of several the one in its RDN
    // The groups between the person and this one, nearest first, as names; empty for a direct
    // membership.
    std::vector<std::string> path;
    // Further values of cn, sorted: a set of values has no first one, so a rule may name any.
    std::vector<std::string> other_names{};

    friend bool operator==(const group_membership&, const group_membership&) = default;
};

// What a member's directory says of a person right now. The only thing that `directory/` and
// `policies/` share: the one makes it, the other judges it.
struct identity {
    member_slug member;
    directory_id id;  // entryUUID, objectGUID or nsUniqueId, as lower-case text
    std::string dn;
    std::string login_name;  // the directory's own spelling, not what was typed
    std::string display_name;
    std::string given_name;
    std::string family_name;
    std::string mail;
    std::string phone;
    std::vector<group_membership> groups;  // nested ones resolved; sorted by dn
    bool groups_cut_off = false;           // a server limit hid some of them
    // Further attributes that the member's settings ask for, names in lower case.
    std::map<std::string, std::vector<std::string>> attributes;
    // What `tie_attributes` ask for, as far as the entry has it; names in lower case. Of several
    // values the least, of mail the one in `mail`.
    std::map<std::string, std::string> ties;
    // Known at a sign-in only; nothing: never, or the directory does not tell.
    std::optional<instant> password_expires_at;

    friend bool operator==(const identity&, const identity&) = default;
};

}  // namespace kommpass
