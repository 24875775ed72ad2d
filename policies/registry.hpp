#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/encryption_algorithm.hpp"
#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/signing_algorithm.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "policies/gateway_entry.hpp"
#include "policies/grant_types.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The registry's documents, as an administrator writes them. Plain values; `read_registry` makes
// them from files, `compile` judges the whole and makes the immutable snapshot that requests use.
namespace kommpass::policies {

struct localized_text {
    std::string de;
    std::string en;  // empty: German stands in
    friend bool operator==(const localized_text&, const localized_text&) = default;
};

// Which attribute of a person's entry speaks for a claim of the scopes `profile` and `address` that
// no directory has by itself (OpenID Connect Core, 5.1); empty: none does.
struct profile_attributes {
    std::string middle_name;
    std::string nickname;
    std::string profile;
    std::string picture;
    std::string website;
    std::string gender;
    std::string birthdate;
    std::string zoneinfo;
    std::string locale;
    std::string updated_at;
    std::string region;
    std::string country;
    friend bool operator==(const profile_attributes&, const profile_attributes&) = default;
};

struct member {
    member_slug slug;
    localized_text name;       // "Amt Lebus"
    std::string name_variant;  // Lower Sorbian, where the town has one: "Chóśebuz"
    std::vector<std::string>
        domains;  // e-mail and UPN domains, lower case; compared by `comparable_domain`
    directory_settings directory;
    profile_attributes claims;  // each one of the directory's `extra_attributes`
    std::string help_contact;   // shown when the directory is down: service desk, telephone number
    // The association itself: what its people hold in the application `fed` holds for every member.
    bool association = false;
    // False while its directory is being set up: nobody can sign in with it yet.
    bool active = true;
    friend bool operator==(const member&, const member&) = default;
};

// Who may hand out a role.
enum class role_giver { member, association };

struct role {
    role_name name;  // "dms.lesen"
    localized_text title;
    localized_text description;
    role_giver handed_out_by = role_giver::member;
    bool sensitive = false;             // a grant needs a second person's approval
    std::vector<role_name> includes{};  // composite: who holds this one holds these too
    std::optional<day> since{};         // offered to members since then; unset: from the beginning
    friend bool operator==(const role&, const role&) = default;
};

// What one person asks for and another approves gives nothing until then.
enum class grant_state { requested, active };

enum class client_authentication {
    client_secret_basic,
    client_secret_post,
    private_key_jwt,
    tls_client_auth,              // a certificate of a CA that Kommpass trusts (RFC 8705, 2.1)
    self_signed_tls_client_auth,  // a certificate over one of the client's own keys (2.2)
    none,
};
// What a client holds itself to, in one word: the demands of a profile follow from it
// (`client_profile.hpp`).
enum class client_profile { oidc, fapi2, fapi2_message_signing };
enum class subject_type { pairwise, public_ };
// What a client learns of a mailbox whose domain is none of the person's member.
enum class foreign_mail {
    omit,
    unverified,  // with `email_verified: false`
};
// The header `typ` of logout tokens: what the specification names, or what receivers from before it
// insist on (Back-Channel Logout 1.0, 2.4).
enum class logout_token_typ { logout_jwt, jwt };
// Opaque ones say nothing to whoever holds them, and are looked up at introspection.
enum class access_token_format { jwt, opaque };
using kommpass::content_encryption;
using kommpass::key_management;
using kommpass::signing_algorithm;

// How an application wants its roles (R9: only roles of its own key, ever).
struct role_claim {
    enum class shape {
        array,              // "roles": ["dms.lesen"]
        object_per_client,  // "resource_access": {"dms-web": {"roles": ["dms.lesen"]}}
        space_separated,    // "roles": "dms.lesen dms.bearbeiten"
    };
    shape form = shape::array;
    std::string name = "roles";             // a dot nests: "realm_access.roles"
    bool strip_application_prefix = false;  // "lesen" in place of "dms.lesen"
    friend bool operator==(const role_claim&, const role_claim&) = default;
};

struct client {
    client_id id;
    std::string purpose;  // what it needs the claims for; stands in the record of processing
    client_authentication authentication = client_authentication::client_secret_basic;
    std::vector<std::string>
        secret_sha256;  // lower-case hex; two while a secret is replaced with overlap
    client_profile profile = client_profile::oidc;
    std::string jwks;  // JSON text: its public keys; or where they are fetched (https):
    std::string jwks_uri;
    // For tls_client_auth exactly one of these, as its certificate has it (RFC 8705, 2.1.2).
    std::string tls_client_auth_subject_dn;
    std::string tls_client_auth_san_dns;
    std::string tls_client_auth_san_uri;
    std::string tls_client_auth_san_ip;
    std::string tls_client_auth_san_email;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> post_logout_redirect_uris;
    // Told when a session ends in which it got tokens (OpenID Connect Back-Channel Logout 1.0);
    // empty: it is not.
    std::string backchannel_logout_uri;
    // Opened in a frame of the page that signs out (OpenID Connect Front-Channel Logout 1.0), for
    // what cannot be called by us; empty: it is not.
    std::string frontchannel_logout_uri;
    policies::logout_token_typ logout_token_typ = policies::logout_token_typ::logout_jwt;
    std::vector<std::string> grant_types{std::string(grant_types::authorization_code)};
    std::vector<std::string> scopes{"openid", "profile", "email"};
    std::vector<std::string>
        audiences;  // of access tokens; none: the issuer. Who is named may introspect them
    // Clients for whose resources it may exchange tokens that it was called with (RFC 8693).
    std::vector<client_id> token_exchange_targets;
    bool require_pkce = true;               // false is refused for public clients
    bool dpop_bound_access_tokens = false;  // no tokens without a DPoP proof (RFC 9449, 5.2)
    // No tokens without a certificate, which they are bound to (RFC 8705, 3.4).
    bool tls_client_certificate_bound_access_tokens = false;
    // Its authorization requests come over the back channel only (RFC 9126), in an object that it
    // signed (RFC 9101).
    bool require_pushed_authorization_requests = false;
    bool require_signed_request_object = false;
    std::optional<signing_algorithm> request_object_alg;  // unset: any that its keys are for
    // Where signed requests of its may be fetched (OpenID Connect Core, 6.2), compared with their
    // fragments; none: `request_uri` is for pushed ones only.
    std::vector<std::string> request_uris;
    // How answers may reach it; empty: `query`, `form_post`, and both signed (JARM).
    std::vector<std::string> response_modes;
    std::optional<signing_algorithm> authorization_response_alg;  // unset: as its ID tokens
    // What it may ask for beside scopes (RFC 9396): types that we know.
    std::vector<std::string> authorization_details_types;
    // Where a sign-in at it is begun from outside (OpenID Connect Core, 4); empty: nowhere.
    std::string initiate_login_uri;
    // Shown to people who sign in for it: what it does with their data, its terms, its picture.
    std::string policy_uri;
    std::string tos_uri;
    std::string logo_uri;
    bool consent = false;  // ask the person before releasing anything
    bool require_auth_time = false;
    std::optional<std::chrono::seconds> default_max_age;
    std::vector<std::string> default_acr_values;  // levels wished where a request names none
    signing_algorithm id_token_alg = signing_algorithm::es256;
    signing_algorithm access_token_alg = signing_algorithm::es256;
    std::optional<signing_algorithm> userinfo_alg;  // signed userinfo; unset: plain JSON
    // Of signed introspection (RFC 9701); unset: as its ID tokens.
    std::optional<signing_algorithm> introspection_alg;
    policies::access_token_format access_token_format = policies::access_token_format::jwt;
    // In place of the application's; `lifetimes.hpp` has what holds.
    std::optional<std::chrono::seconds> access_token_lifetime;
    std::optional<std::chrono::seconds> refresh_token_lifetime;
    // How long a refresh token may lie unused; unset: as long as its family lives.
    std::optional<std::chrono::seconds> refresh_token_idle_time;
    // Encrypted to the key of its jwks that has `use` "enc" and fits; unset: not encrypted.
    std::optional<key_management> id_token_encryption_alg;
    content_encryption id_token_encryption_enc = content_encryption::a256gcm;
    std::optional<key_management> userinfo_encryption_alg;
    content_encryption userinfo_encryption_enc = content_encryption::a256gcm;
    bool claims_in_id_token = false;  // profile, email and roles in the ID token as well
    policies::foreign_mail foreign_mail = policies::foreign_mail::omit;
    subject_type subject = subject_type::pairwise;
    std::string sector;  // hosts that share pairwise subjects; empty: the application's key
    // Registered by whoever operates the application; the association approves it.
    grant_state state = grant_state::active;
    std::string asked_by;
    std::optional<day> asked_on;
    std::string approved_by;
    std::optional<day> approved_on;
    friend bool operator==(const client&, const client&) = default;
};

struct application {
    application_key key;
    localized_text name;
    localized_text description;
    std::string home_uri;  // where a person goes to use it
    // Whose people with the role fed.appbetrieb look after its clients; empty: the association's.
    member_slug operated_by;
    std::vector<role> roles;
    std::vector<client> clients;
    role_claim claim;
    gateway_entry gateway;     // for what its proxy asks
    bool require_role = true;  // nobody without at least one role gets in
    // What a sign-in must be like to get in; empty or unset: as it comes.
    std::vector<std::string> require_acr;  // one of these
    std::optional<std::chrono::seconds> longest_sign_in_age;
    std::vector<std::string> networks;  // "10.12.0.0/16", "2001:db8::/32"
    std::chrono::seconds access_token_lifetime{600};
    std::chrono::seconds refresh_token_lifetime{
        std::chrono::hours{12}};  // of the family, from the sign-in
    std::chrono::seconds refresh_reuse_grace{0};
    friend bool operator==(const application&, const application&) = default;
};

struct subscription {
    member_slug member;
    application_key application;
    friend bool operator==(const subscription&, const subscription&) = default;
};

// One rule: persons of a member (or of all) with this group, attribute or place in the tree hold
// these roles. All conditions that are given must hold together; at least one is given.
struct mapping {
    std::string id;  // unique, stable: "lebus-meldeamt"; names the rule in explanations
    std::optional<member_slug> member;  // unset: persons of every member
    std::string group;                  // a DN, or a plain name (cn); empty: any
    std::string attribute;              // lower-case name ...
    std::string attribute_value;        // ... and the value it must have (case-insensitive)
    std::string within;                 // a base DN that the person's DN lies in; empty: anywhere
    std::vector<role_name> roles;
    std::vector<member_slug>
        for_members;  // joint offices: the members the roles hold for; empty: the person's own
    std::vector<member_slug> agreed;  // which of them agreed; for another it does not hold
    std::optional<day> from;          // first day
    std::optional<day> until;         // last day
    std::string note;
    // With a sensitive role among `roles`, one person asks and another approves; until then the
    // mapping gives nothing. As in a grant.
    grant_state state = grant_state::active;
    std::string asked_by;
    std::optional<day> asked_on;
    std::string approved_by;
    std::optional<day> approved_on;
    friend bool operator==(const mapping&, const mapping&) = default;
};

// A role given to one person directly. Who asked and who approved are written as the operations
// write them: a person id, or "host:" and the login name on the service's machine.
struct grant {
    std::string id;
    member_slug member;  // the person's
    person_id person;
    role_name role;
    std::vector<member_slug> for_members;  // as in a mapping
    std::vector<member_slug> agreed;
    std::string reason;
    person_id deputy_of;  // whom the person stands in for; empty: nobody
    std::optional<day> from;
    std::optional<day> until;
    grant_state state = grant_state::active;
    std::string asked_by;
    std::optional<day> asked_on;
    std::string approved_by;
    std::optional<day> approved_on;
    friend bool operator==(const grant&, const grant&) = default;
};

// A role that a person does not get from any mapping: what a review ends although a directory group
// would give it. A grant of their own outweighs it.
struct withdrawal {
    std::string id;
    member_slug member;
    person_id person;
    role_name role;
    std::string reason;
    std::string asked_by;
    std::optional<day> asked_on;
    friend bool operator==(const withdrawal&, const withdrawal&) = default;
};

enum class conflict_resolution { deny_both, deny_newer, report };

// Separation of duties: roles that one person must not hold together for the same member. Each side
// is a role, or has '*' for the application or for the role's own name; two '*' for the application
// mean the same one.
struct constraint {
    std::string id;
    std::string first;
    std::string second;
    std::vector<role_name> except;  // roles that neither side means
    conflict_resolution resolution = conflict_resolution::deny_both;
    std::string note;
    friend bool operator==(const constraint&, const constraint&) = default;
};

// One person may break one constraint, for a reason, until a day.
struct constraint_exception {
    std::string id;
    std::string constraint;
    member_slug member;
    person_id person;
    std::string reason;
    std::optional<day> until;
    grant_state state = grant_state::active;
    std::string asked_by;
    std::optional<day> asked_on;
    std::string approved_by;
    std::optional<day> approved_on;
    friend bool operator==(const constraint_exception&, const constraint_exception&) = default;
};

struct registry {
    std::map<member_slug, member> members;
    std::map<application_key, application> applications;
    std::vector<subscription> subscriptions;  // sorted by member, application
    std::map<std::string, mapping> mappings;  // by id, as all that follow
    std::map<std::string, grant> grants;
    std::map<std::string, withdrawal> withdrawals;
    std::map<std::string, constraint> constraints;
    std::map<std::string, constraint_exception> exceptions;
    friend bool operator==(const registry&, const registry&) = default;
};

}  // namespace kommpass::policies
