#pragma once

#include "policies/registry.hpp"
#include "policies/words.hpp"

#include <chrono>

// Every field of every document, named once. Reading and writing TOML and JSON, and telling
// differences, are visitors over these lists, so that a field cannot be forgotten in one of them.
//
// A visitor has `field(name, value)` for plain values (text, truth, number, list of texts,
// duration, strong strings, optionals of these), `choice(name, value, table)` for closed choices,
// and `group(name, inner)` for a nested table.
namespace kommpass::policies::fields {

template <class Visitor, class Text>
void localized(Visitor& v, std::string_view name, std::string_view english_name, Text& text) {
    v.field(name, text.de);
    v.field(english_name, text.en);
}

template <class Visitor, class Directory>
void directory(Visitor& v, Directory& d) {
    v.choice("vendor", d.vendor, words::vendors);
    v.field("urls", d.urls);
    v.choice("order", d.order, words::replica_orders);
    v.choice("transport", d.transport, words::transports);
    v.field("allow_plain_text", d.allow_plain_text);
    v.field("ca_file", d.ca_file);
    v.field("ca_certificate", d.ca_certificate);
    v.field("client_certificate_file", d.client_certificate_file);
    v.field("client_key_file", d.client_key_file);
    v.field("bind_dn", d.bind_dn);
    v.field("bind_password_file", d.bind_password_file);
    v.field("bind_password_env", d.bind_password_env);
    v.field("bind_password_sealed", d.bind_password_sealed);
    v.field("person_base", d.person_base);
    v.field("person_filter", d.person_filter);
    v.field("login_attributes", d.login_attributes);
    v.field("id_attribute", d.id_attribute);
    v.field("netbios_name", d.netbios_name);
    v.field("extra_attributes", d.extra_attributes);
    v.field("tie_attributes", d.tie_attributes);
    v.choice("groups", d.groups, words::group_models);
    v.field("member_of", d.member_of);
    v.field("group_base", d.group_base);
    v.field("nesting_depth", d.nesting_depth);
    v.field("connect_timeout", d.connect_timeout);
    v.field("deadline", d.deadline);
    v.field("failover_after", d.failover_after);
    v.field("health_check", d.health_check);
    v.field("max_waiting", d.max_waiting);
    v.field("search_connections", d.search_connections);
    v.field("bind_connections", d.bind_connections);
    v.field("page_size", d.page_size);
    v.field("identity_cache", d.identity_cache);
    v.field("group_cache", d.group_cache);
    v.field("lockout_threshold", d.lockout_threshold);
    v.field("lockout_window", d.lockout_window);
    v.field("change_password", d.change_password);
    v.field("expiry_notice", d.expiry_notice);
    v.choice("watch", d.watch, words::leaver_watches);
    v.field("poll_interval", d.poll_interval);
    v.field("trust_while_unreachable", d.trust_while_unreachable);
}

template <class Visitor, class Attributes>
void profile_claims(Visitor& v, Attributes& a) {
    v.field("middle_name", a.middle_name);
    v.field("nickname", a.nickname);
    v.field("profile", a.profile);
    v.field("picture", a.picture);
    v.field("website", a.website);
    v.field("gender", a.gender);
    v.field("birthdate", a.birthdate);
    v.field("zoneinfo", a.zoneinfo);
    v.field("locale", a.locale);
    v.field("updated_at", a.updated_at);
    v.field("region", a.region);
    v.field("country", a.country);
}

template <class Visitor, class Member>
void member(Visitor& v, Member& m) {
    v.field("slug", m.slug);
    localized(v, "name", "name_en", m.name);
    v.field("name_variant", m.name_variant);
    v.field("domains", m.domains);
    v.field("help_contact", m.help_contact);
    v.field("association", m.association);
    v.field("active", m.active);
    v.group("directory", [&](auto& inner) { directory(inner, m.directory); });
    v.group("claims", [&](auto& inner) { profile_claims(inner, m.claims); });
}

template <class Visitor, class Role>
void role(Visitor& v, Role& r) {
    v.field("name", r.name);
    localized(v, "title", "title_en", r.title);
    localized(v, "description", "description_en", r.description);
    v.choice("handed_out_by", r.handed_out_by, words::role_givers);
    v.field("sensitive", r.sensitive);
    v.field("includes", r.includes);
    v.field("since", r.since);
}

// Who asked for a document that two people stand for, and who approved.
template <class Visitor, class Document>
void approval(Visitor& v, Document& d) {
    v.choice("state", d.state, words::grant_states);
    v.field("asked_by", d.asked_by);
    v.field("asked_on", d.asked_on);
    v.field("approved_by", d.approved_by);
    v.field("approved_on", d.approved_on);
}

template <class Visitor, class Client>
void client(Visitor& v, Client& c) {
    v.field("id", c.id);
    v.field("purpose", c.purpose);
    v.choice("authentication", c.authentication, words::authentications);
    v.field("secret_sha256", c.secret_sha256);
    v.choice("profile", c.profile, words::profiles);
    v.field("jwks", c.jwks);
    v.field("jwks_uri", c.jwks_uri);
    v.field("tls_client_auth_subject_dn", c.tls_client_auth_subject_dn);
    v.field("tls_client_auth_san_dns", c.tls_client_auth_san_dns);
    v.field("tls_client_auth_san_uri", c.tls_client_auth_san_uri);
    v.field("tls_client_auth_san_ip", c.tls_client_auth_san_ip);
    v.field("tls_client_auth_san_email", c.tls_client_auth_san_email);
    v.field("redirect_uris", c.redirect_uris);
    v.field("post_logout_redirect_uris", c.post_logout_redirect_uris);
    v.field("backchannel_logout_uri", c.backchannel_logout_uri);
    v.field("frontchannel_logout_uri", c.frontchannel_logout_uri);
    v.choice("logout_token_typ", c.logout_token_typ, words::logout_token_typs);
    v.field("grant_types", c.grant_types);
    v.field("scopes", c.scopes);
    v.field("audiences", c.audiences);
    v.field("token_exchange_targets", c.token_exchange_targets);
    v.field("require_pkce", c.require_pkce);
    v.field("dpop_bound_access_tokens", c.dpop_bound_access_tokens);
    v.field("tls_client_certificate_bound_access_tokens",
            c.tls_client_certificate_bound_access_tokens);
    v.field("require_pushed_authorization_requests", c.require_pushed_authorization_requests);
    v.field("require_signed_request_object", c.require_signed_request_object);
    v.choice("request_object_alg", c.request_object_alg, words::algorithms);
    v.field("request_uris", c.request_uris);
    v.field("response_modes", c.response_modes);
    v.choice("authorization_response_alg", c.authorization_response_alg, words::algorithms);
    v.field("authorization_details_types", c.authorization_details_types);
    v.field("initiate_login_uri", c.initiate_login_uri);
    v.field("policy_uri", c.policy_uri);
    v.field("tos_uri", c.tos_uri);
    v.field("logo_uri", c.logo_uri);
    v.field("consent", c.consent);
    v.field("require_auth_time", c.require_auth_time);
    v.field("default_max_age", c.default_max_age);
    v.field("default_acr_values", c.default_acr_values);
    v.choice("id_token_alg", c.id_token_alg, words::algorithms);
    v.choice("access_token_alg", c.access_token_alg, words::algorithms);
    v.choice("userinfo_alg", c.userinfo_alg, words::algorithms);
    v.choice("introspection_alg", c.introspection_alg, words::algorithms);
    v.choice("access_token_format", c.access_token_format, words::access_token_formats);
    v.field("access_token_lifetime", c.access_token_lifetime);
    v.field("refresh_token_lifetime", c.refresh_token_lifetime);
    v.field("refresh_token_idle_time", c.refresh_token_idle_time);
    v.choice("id_token_encryption_alg", c.id_token_encryption_alg, words::key_managements);
    v.choice("id_token_encryption_enc", c.id_token_encryption_enc, words::content_encryptions);
    v.choice("userinfo_encryption_alg", c.userinfo_encryption_alg, words::key_managements);
    v.choice("userinfo_encryption_enc", c.userinfo_encryption_enc, words::content_encryptions);
    v.field("claims_in_id_token", c.claims_in_id_token);
    v.choice("foreign_mail", c.foreign_mail, words::foreign_mails);
    v.choice("subject", c.subject, words::subjects);
    v.field("sector", c.sector);
    approval(v, c);
}

template <class Visitor, class Entry>
void gateway(Visitor& v, Entry& g) {
    v.field("hosts", g.hosts);
    v.field("pass_preflight", g.pass_preflight);
    v.field("user_header", g.headers.user);
    v.field("subject_header", g.headers.subject);
    v.field("name_header", g.headers.name);
    v.field("mail_header", g.headers.mail);
    v.field("member_header", g.headers.member);
    v.field("roles_header", g.headers.roles);
    v.field("acr_header", g.headers.acr);
    v.field("assertion_header", g.headers.assertion);
    v.choice("header_format", g.headers.format, words::header_formats);
}

template <class Visitor, class Rule>
void gateway_rule(Visitor& v, Rule& r) {
    v.field("path", r.path);
    v.field("methods", r.methods);
    v.field("open", r.open);
    v.field("roles", r.roles);
    v.field("require_acr", r.require_acr);
}

template <class Visitor, class Application>
void application(Visitor& v, Application& a) {
    v.field("key", a.key);
    localized(v, "name", "name_en", a.name);
    localized(v, "description", "description_en", a.description);
    v.field("home_uri", a.home_uri);
    v.field("operated_by", a.operated_by);
    v.field("require_role", a.require_role);
    v.field("require_acr", a.require_acr);
    v.field("longest_sign_in_age", a.longest_sign_in_age);
    v.field("networks", a.networks);
    v.field("access_token_lifetime", a.access_token_lifetime);
    v.field("refresh_token_lifetime", a.refresh_token_lifetime);
    v.field("refresh_reuse_grace", a.refresh_reuse_grace);
    v.group("role_claim", [&](auto& inner) {
        inner.choice("form", a.claim.form, words::shapes);
        inner.field("name", a.claim.name);
        inner.field("strip_application_prefix", a.claim.strip_application_prefix);
    });
    v.group("gateway", [&](auto& inner) { gateway(inner, a.gateway); });
}

template <class Visitor, class Mapping>
void mapping(Visitor& v, Mapping& m) {
    v.field("id", m.id);
    v.field("member", m.member);
    v.field("group", m.group);
    v.field("attribute", m.attribute);
    v.field("attribute_value", m.attribute_value);
    v.field("within", m.within);
    v.field("roles", m.roles);
    v.field("for_members", m.for_members);
    v.field("agreed", m.agreed);
    v.field("from", m.from);
    v.field("until", m.until);
    v.field("note", m.note);
    approval(v, m);
}

template <class Visitor, class Grant>
void grant(Visitor& v, Grant& g) {
    v.field("id", g.id);
    v.field("member", g.member);
    v.field("person", g.person);
    v.field("role", g.role);
    v.field("for_members", g.for_members);
    v.field("agreed", g.agreed);
    v.field("reason", g.reason);
    v.field("deputy_of", g.deputy_of);
    v.field("from", g.from);
    v.field("until", g.until);
    approval(v, g);
}

template <class Visitor, class Withdrawal>
void withdrawal(Visitor& v, Withdrawal& w) {
    v.field("id", w.id);
    v.field("member", w.member);
    v.field("person", w.person);
    v.field("role", w.role);
    v.field("reason", w.reason);
    v.field("asked_by", w.asked_by);
    v.field("asked_on", w.asked_on);
}

template <class Visitor, class Constraint>
void constraint(Visitor& v, Constraint& c) {
    v.field("id", c.id);
    v.field("first", c.first);
    v.field("second", c.second);
    v.field("except", c.except);
    v.choice("resolution", c.resolution, words::resolutions);
    v.field("note", c.note);
}

template <class Visitor, class Exception>
void exception(Visitor& v, Exception& e) {
    v.field("id", e.id);
    v.field("constraint", e.constraint);
    v.field("member", e.member);
    v.field("person", e.person);
    v.field("reason", e.reason);
    v.field("until", e.until);
    approval(v, e);
}

}  // namespace kommpass::policies::fields
