#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <string>

namespace kommpass::idp::store {

// One line of the audit log. The engine puts a pseudonym in the person's place and ties the line to
// the one before when it appends.
struct audit_record {
    instant at{};
    std::string event;   // "sign_in.success", "token.issued", "refresh_token.reuse_detected",
                         // "registry.applied"
    std::string result;  // "ok", or the reason of the refusal
    member_slug member;  // empty where none is meant
    person_id person;    // empty while not known; a typed name is never recorded
    client_id client;
    std::string request;  // request id
    std::string address;
    std::string detail_json;  // further fields, an object; never a secret
    friend bool operator==(const audit_record&, const audit_record&) = default;
};

struct stored_audit_record {
    long long sequence = 0;
    audit_record record;
    friend bool operator==(const stored_audit_record&, const stored_audit_record&) = default;
};

}  // namespace kommpass::idp::store
