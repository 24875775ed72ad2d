#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <vector>

// What the service remembers. Tokens, codes and cookies appear only as their SHA-256 (32 raw
// bytes).
namespace kommpass::idp::store {

struct person {
    person_id id;
    member_slug member;
    directory_id directory;
    instant first_seen{};
    friend bool operator==(const person&, const person&) = default;
};

// What finds a person again in another directory: the keyed hash of an attribute's value.
struct person_tie {
    std::string attribute;  // lower case
    std::string value_hash;
    friend bool operator==(const person_tie&, const person_tie&) = default;
};

// A person's single sign-on session in one browser.
struct session {
    // Public: the `sid` claim, the handle on the "my sessions" page. Best made by new_record_id
    // (record_id.hpp), as `authorization::family` and `person::id` are: that is cheaper to store.
    std::string id;
    std::string secret_hash;  // of the cookie's value
    person_id person;
    member_slug member;
    directory_id directory;
    std::string identity_json;  // what the directory said at the last look; for when it is down
    instant authenticated_at{};
    std::vector<std::string> amr;
    std::string acr;
    instant created_at{};
    instant last_used_at{};
    instant expires_at{};    // absolute
    std::string user_agent;  // bounded to 200 bytes
    std::string address;
    friend bool operator==(const session&, const session&) = default;
};

// What an authorization gave a client: carried by its code, then by its refresh-token family.
struct authorization {
    std::string family;  // id of the family that the code's tokens belong to; in the `jti` of its
                         // access tokens
    client_id client;
    person_id person;
    member_slug member;
    directory_id directory;
    std::string session;  // public session id; empty after a sign-out that kept offline access
    std::vector<std::string> scope;
    std::string claims_json;  // the request's `claims` parameter, as validated; may be empty
    std::string identity_json;
    instant authenticated_at{};
    std::vector<std::string> amr;
    std::string acr;
    friend bool operator==(const authorization&, const authorization&) = default;
};

struct issued_code {
    std::string code_hash;
    authorization given;
    std::string redirect_uri;  // empty: the request named none
    std::string challenge;     // PKCE S256; empty: none was sent
    std::string nonce;
    instant expires_at{};
    friend bool operator==(const issued_code&, const issued_code&) = default;
};

struct token_family {
    authorization given;
    std::string current_hash;  // of the refresh token that is valid now; empty: the family has none
    std::string previous_hash;  // of the one before
    instant rotated_at{};
    instant issued_at{};
    instant expires_at{};
    bool revoked = false;
    friend bool operator==(const token_family&, const token_family&) = default;
};

struct consent {
    person_id person;
    client_id client;
    std::vector<std::string> scope;
    instant given_at{};
    friend bool operator==(const consent&, const consent&) = default;
};

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

// A line as it is kept, for verification.
struct chained_audit_record {
    long long sequence = 0;
    audit_record record;  // `person` is the pseudonym
    std::string salt;     // empty once the address was forgotten
    std::string address_digest;
    std::string content_digest;
    std::string previous_hash;
    std::string hash;     // empty: from before there was a chain
    std::string removed;  // why the content is gone; empty: it is there
};

struct audit_link {
    long long sequence = 0;
    std::string hash;
};

struct audit_checkpoint {
    long long sequence = 0;
    std::string signature;  // compact JWS
    friend bool operator==(const audit_checkpoint&, const audit_checkpoint&) = default;
};

// A review of what people hold: the members' administrators confirm or end each role.
struct campaign {
    std::string id;
    std::string title;
    std::string started_by;
    instant started_at{};
    instant due_at{};
    bool ends_unanswered = false;  // at `due_at`, what nobody confirmed is ended
    instant closed_at{};           // 1970: still open
    friend bool operator==(const campaign&, const campaign&) = default;
};

struct campaign_item {
    long long number = 0;  // given by the store
    std::string campaign;
    member_slug member;
    person_id person;
    role_name role;
    std::vector<std::string> documents;  // the rules that give it: "grants/..."
    std::string answer;                  // "confirmed", "ended"; empty: none yet
    std::string answered_by;
    instant answered_at{};
    friend bool operator==(const campaign_item&, const campaign_item&) = default;
};

struct campaign_progress {
    member_slug member;
    long long items = 0;
    long long answered = 0;
    friend bool operator==(const campaign_progress&, const campaign_progress&) = default;
};

// What a request with an idempotency key was answered with.
// A member's directory while somebody sets it up.
struct set_up {
    member_slug member;
    std::string document;  // the member's document as it would be; a password in it is sealed
    instant tested_at{};  // the last test that found nothing wrong; 1970: not since the last change
    std::string changed_by;
    instant changed_at{};
    friend bool operator==(const set_up&, const set_up&) = default;
};

struct idempotent_answer {
    std::string actor;
    std::string key;
    std::string request_hash;
    long long status = 0;
    std::string body;
    instant expires_at{};
    friend bool operator==(const idempotent_answer&, const idempotent_answer&) = default;
};

// What a revision changed.
struct revision_document {
    std::string document;  // "mappings/lebus-meldeamt"
    member_slug member;    // whose it is; empty: the association's
    friend bool operator==(const revision_document&, const revision_document&) = default;
};

// Which revision made a document what it is.
struct document_author {
    std::string document;  // "mappings/lebus-meldeamt"
    long long revision = 0;
    instant at{};
    std::string who;
    std::string why;
    friend bool operator==(const document_author&, const document_author&) = default;
};

struct registry_revision {
    long long number = 0;
    instant at{};
    std::string who;
    std::string why;
    std::string documents_json;  // the whole registry in canonical form
    friend bool operator==(const registry_revision&, const registry_revision&) = default;
};

}  // namespace kommpass::idp::store
