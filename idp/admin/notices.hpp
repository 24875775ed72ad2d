#pragma once

#include "idp/admin/directory_findings.hpp"
#include "idp/store/audit_record.hpp"
#include "policies/snapshot.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {

// Something that somebody should hear of without having to look. It names no person: who reads it
// signs in to see.
struct notice {
    // Stable, and told once: "grant-ends/g-01.../2026-12-01".
    std::string key;
    std::string text;             // a text of the catalogue, "notice.grant_ends"
    std::string about;            // a role, a server, a member; stands behind the text
    std::string path;             // where to see it, below the issuer: "/console/approvals"
    std::vector<std::string> to;  // addresses
    person_id asker;              // besides these, or instead: an employee; empty: nobody
};

struct notice_sources {
    const policies::registry& registry;
    const role_managers& managers;
    const expiring_certificates& certificates;
    const standing_conflicts& conflicts;
    std::vector<std::pair<member_slug, std::chrono::seconds>> silent;  // directories
    std::vector<store::stored_audit_record> refused;                   // requests, of late
    instant now;
};

// Everything that is worth a letter now, whether it was sent or not: requests that wait, what was
// decided, roles that end within two weeks, directories that have not answered for ten minutes,
// certificates that end within 30 days, incompatible roles. Nothing without somebody to tell. Pure.
[[nodiscard]] std::vector<notice> notices_of(const notice_sources&);

// The letter on several of them, German and then English.
[[nodiscard]] std::string letter_text(const std::vector<const notice*>&, const std::string& issuer);

}  // namespace kommpass::idp::admin
