#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/live.hpp"
#include "idp/http/own_certificate.hpp"
#include "policies/evaluation.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

// What the service found when it last looked at every member's directory: for whoever asks in
// between. Each is replaced whole.
namespace kommpass::idp::admin {

// Incompatible roles that persons hold now, as the last look at the directories found them.
struct standing_conflict {
    member_slug member;
    person_id person;  // empty for somebody who never signed in
    std::string display_name;
    policies::conflict conflict;

    friend bool operator==(const standing_conflict&, const standing_conflict&) = default;
};
struct standing_conflicts {
    instant looked_at{};  // 1970: not yet
    std::vector<standing_conflict> all;
    // Whose directory did not answer, or not with everybody: of who did not come it stands here
    // what the look before found.
    std::vector<member_slug> silent;
    std::vector<member_slug> cut_off;
};

// Who can give roles at a member, or releases them, for people who lack one: as the last look at
// the directories found them.
struct role_manager {
    std::string name;
    std::string mail;
    bool gives = true;      // administers the member, or its roles
    bool releases = false;  // what others asked for
    bool central = false;   // administers the association
};
using role_managers = std::map<member_slug, std::vector<role_manager>>;

// A directory server's certificate that ends within 30 days, or has ended.
struct expiring_certificate {
    member_slug member;
    std::string url;
    std::string until;  // "2026-12-01"
    bool expired = false;
};
using expiring_certificates = std::vector<expiring_certificate>;

// Thread-safe.
struct directory_findings {
    live<standing_conflicts> conflicts{std::make_shared<const standing_conflicts>()};
    live<role_managers> managers{std::make_shared<const role_managers>()};
    live<expiring_certificates> certificates{std::make_shared<const expiring_certificates>()};
    // What the service shows itself, as its files are now.
    live<http::own_certificate> own_certificate{std::make_shared<const http::own_certificate>()};
};

}  // namespace kommpass::idp::admin
