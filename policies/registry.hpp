#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "config/vocabulary/strong_string.hpp"

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

struct member {
    member_slug slug;
    localized_text name;               // "Amt Lebus"
    std::string name_variant;          // Lower Sorbian, where the town has one: "Chóśebuz"
    std::vector<std::string> domains;  // e-mail and UPN domains, lower case
    directory_settings directory;
    std::string help_contact;  // shown when the directory is down: service desk, telephone number
    friend bool operator==(const member&, const member&) = default;
};

struct role {
    role_name name;  // "dms.lesen"
    localized_text title;
    localized_text description;
    friend bool operator==(const role&, const role&) = default;
};

enum class client_authentication { client_secret_basic, client_secret_post, private_key_jwt, none };
enum class subject_type { pairwise, public_ };
enum class signing_algorithm { es256, rs256, ps256, eddsa };

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
    client_authentication authentication = client_authentication::client_secret_basic;
    std::vector<std::string>
        secret_sha256;  // lower-case hex; two while a secret is replaced with overlap
    std::string jwks;   // JSON text, for private_key_jwt
    std::vector<std::string> redirect_uris;
    std::vector<std::string> post_logout_redirect_uris;
    std::vector<std::string> grant_types{
        "authorization_code"};  // also refresh_token, client_credentials
    std::vector<std::string> scopes{"openid", "profile", "email"};
    std::vector<std::string>
        audiences;  // of access tokens, besides the client's own id; may introspect those
    bool require_pkce = true;  // false is refused for public clients
    bool consent = false;      // ask the person before releasing anything
    bool require_auth_time = false;
    std::optional<std::chrono::seconds> default_max_age;
    signing_algorithm id_token_alg = signing_algorithm::es256;
    signing_algorithm access_token_alg = signing_algorithm::es256;
    std::optional<signing_algorithm> userinfo_alg;  // signed userinfo; unset: plain JSON
    bool claims_in_id_token = false;  // profile, email and roles in the ID token as well
    subject_type subject = subject_type::pairwise;
    std::string sector;  // hosts that share pairwise subjects; empty: the application's key
    friend bool operator==(const client&, const client&) = default;
};

struct application {
    application_key key;
    localized_text name;
    localized_text description;
    std::string home_uri;  // where a person goes to use it
    std::vector<role> roles;
    std::vector<client> clients;
    role_claim claim;
    bool require_role = true;  // nobody without at least one role gets in
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
    std::string note;
    friend bool operator==(const mapping&, const mapping&) = default;
};

struct registry {
    std::map<member_slug, member> members;
    std::map<application_key, application> applications;
    std::vector<subscription> subscriptions;  // sorted by member, application
    std::map<std::string, mapping> mappings;  // by id
    friend bool operator==(const registry&, const registry&) = default;
};

}  // namespace kommpass::policies
