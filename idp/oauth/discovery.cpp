#include "idp/oauth/discovery.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/encryption_algorithm.hpp"
#include "config/vocabulary/signing_algorithm.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/oauth/dpop_proof.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/prompt.hpp"
#include "idp/oauth/response_mode.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/web/language.hpp"
#include "policies/authorization_details_types.hpp"
#include "policies/grant_types.hpp"
#include "policies/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;
namespace words = policies::words;

template <class Names>
json::array every_name(const Names& names) {
    json::array all;
    for (const auto& name : names) all.emplace_back(name);
    return all;
}

// The first column of a table of words and what they mean.
template <class Table>
json::array every_word(const Table& table) {
    json::array all;
    for (const auto& [word, meaning] : table) all.emplace_back(word);
    return all;
}

// Whether clients can use it here: a certificate needs a way to us.
bool is_offered(policies::client_authentication method, const config::settings& settings) {
    const bool by_certificate =
        method == policies::client_authentication::tls_client_auth ||
        method == policies::client_authentication::self_signed_tls_client_auth;
    return !by_certificate || settings.mtls.is_offered();
}

json::array authentication_methods(const config::settings& settings) {
    json::array all;
    for (const auto& [word, method] : words::authentications) {
        if (is_offered(method, settings)) all.emplace_back(word);
    }
    return all;
}

// What a client that can prove itself does so by; introspection is for those only.
json::array confidential_methods(const config::settings& settings) {
    json::array all;
    for (const auto& [word, method] : words::authentications) {
        if (method != policies::client_authentication::none && is_offered(method, settings))
            all.emplace_back(word);
    }
    return all;
}

// RFC 8705, 3.3 and 5: only what clients call directly, each with its address for those that show a
// certificate (`endpoints::add_for_certificates`).
void add_mutual_tls(json::object& document, const config::settings& settings) {
    if (!settings.mtls.is_offered()) return;
    document["tls_client_certificate_bound_access_tokens"] = true;
    json::object aliases;
    for (const auto* name :
         {"token_endpoint", "pushed_authorization_request_endpoint", "userinfo_endpoint",
          "device_authorization_endpoint", "introspection_endpoint", "revocation_endpoint"}) {
        const std::string_view address = document.at(name).as_string();
        aliases[name] =
            settings.mtls.public_address + std::string(address.substr(settings.issuer.size()));
    }
    document["mtls_endpoint_aliases"] = std::move(aliases);
}

json::array dpop_algorithm_list() {
    json::array all;
    for (const auto& [name, algorithm] : signing_algorithms) {
        const auto taken = dpop_algorithms();
        if (std::find(taken.begin(), taken.end(), algorithm) != taken.end()) all.emplace_back(name);
    }
    return all;
}

json::array response_mode_names() {
    json::array names;
    for (const auto& one : response_modes) names.emplace_back(one.name);
    return names;
}

json::array acr_values() {
    json::array values;
    for (const auto& level : sessions::levels()) values.emplace_back(level.acr);
    return values;
}

}  // namespace

std::string discovery_document(const config::settings& settings) {
    const auto& issuer = settings.issuer;
    const auto algorithms = every_word(signing_algorithms);
    const auto client_methods = authentication_methods(settings);
    json::object document{
        {"issuer", issuer},
        {"authorization_endpoint", issuer + "/authorize"},
        {"pushed_authorization_request_endpoint", issuer + "/par"},
        {"require_pushed_authorization_requests", false},
        {"token_endpoint", issuer + "/token"},
        {"userinfo_endpoint", issuer + "/userinfo"},
        {"device_authorization_endpoint", issuer + "/device-authorization"},
        {"jwks_uri", issuer + "/jwks"},
        {"introspection_endpoint", issuer + "/introspect"},
        {"revocation_endpoint", issuer + "/revoke"},
        {"end_session_endpoint", issuer + "/end-session"},
        {"backchannel_logout_supported", true},
        {"backchannel_logout_session_supported", true},
        {"frontchannel_logout_supported", true},
        {"frontchannel_logout_session_supported", true},
        {"scopes_supported", every_name(scopes::all)},
        {"response_types_supported", json::array{"code"}},
        {"response_modes_supported", response_mode_names()},
        {"authorization_signing_alg_values_supported", algorithms},
        {"grant_types_supported", every_name(policies::grant_types::all)},
        {"subject_types_supported", every_word(words::subjects)},
        {"id_token_signing_alg_values_supported", algorithms},
        {"userinfo_signing_alg_values_supported", algorithms},
        {"id_token_encryption_alg_values_supported", every_word(key_managements)},
        {"id_token_encryption_enc_values_supported", every_word(content_encryptions)},
        {"userinfo_encryption_alg_values_supported", every_word(key_managements)},
        {"userinfo_encryption_enc_values_supported", every_word(content_encryptions)},
        {"token_endpoint_auth_methods_supported", client_methods},
        {"token_endpoint_auth_signing_alg_values_supported", algorithms},
        {"introspection_signing_alg_values_supported", algorithms},
        {"introspection_endpoint_auth_methods_supported", confidential_methods(settings)},
        {"introspection_endpoint_auth_signing_alg_values_supported", algorithms},
        {"revocation_endpoint_auth_methods_supported", client_methods},
        {"revocation_endpoint_auth_signing_alg_values_supported", algorithms},
        {"code_challenge_methods_supported", json::array{pkce::method}},
        {"dpop_signing_alg_values_supported", dpop_algorithm_list()},
        {"claim_types_supported", json::array{"normal"}},
        {"claims_supported", every_name(supported_claims())},
        {"claims_parameter_supported", true},
        {"authorization_details_types_supported",
         every_name(policies::authorization_details_types::all)},
        {"request_parameter_supported", true},
        {"request_object_signing_alg_values_supported", algorithms},
        {"require_signed_request_object", false},
        {"request_uri_parameter_supported", true},
        {"require_request_uri_registration", true},
        {"authorization_response_iss_parameter_supported", true},
        {"acr_values_supported", acr_values()},
        {"prompt_values_supported", every_word(prompt_values)},
        {"display_values_supported", json::array{"page"}},
        {"ui_locales_supported", every_word(web::language_tags)},
    };
    if (settings.dynamic_registration) document["registration_endpoint"] = issuer + "/register";
    add_mutual_tls(document, settings);
    return json::serialize(document);
}

}  // namespace kommpass::idp::oauth
