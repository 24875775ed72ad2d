#include "idp/oauth/discovery.hpp"

#include "config/vocabulary/encryption_algorithm.hpp"
#include "config/vocabulary/signing_algorithm.hpp"
#include "idp/oauth/claims.hpp"
#include "idp/oauth/pkce.hpp"
#include "idp/oauth/prompt.hpp"
#include "idp/oauth/response_mode.hpp"
#include "idp/oauth/scope.hpp"
#include "idp/sessions/levels.hpp"
#include "idp/web/language.hpp"
#include "policies/grant_types.hpp"
#include "policies/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

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

// What a client that can prove itself does so by; introspection is for those only.
json::array confidential_methods() {
    json::array all;
    for (const auto& [word, method] : words::authentications) {
        if (method != policies::client_authentication::none) all.emplace_back(word);
    }
    return all;
}

json::array acr_values() {
    json::array values;
    for (const auto& level : sessions::levels()) values.emplace_back(level.acr);
    return values;
}

}  // namespace

std::string discovery_document(const std::string& issuer, bool dynamic_registration) {
    const auto algorithms = every_word(signing_algorithms);
    const auto client_methods = every_word(words::authentications);
    json::object document{
        {"issuer", issuer},
        {"authorization_endpoint", issuer + "/authorize"},
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
        {"response_modes_supported", every_word(response_modes)},
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
        {"introspection_endpoint_auth_methods_supported", confidential_methods()},
        {"introspection_endpoint_auth_signing_alg_values_supported", algorithms},
        {"revocation_endpoint_auth_methods_supported", client_methods},
        {"revocation_endpoint_auth_signing_alg_values_supported", algorithms},
        {"code_challenge_methods_supported", json::array{pkce::method}},
        {"claim_types_supported", json::array{"normal"}},
        {"claims_supported", every_name(supported_claims())},
        {"claims_parameter_supported", true},
        {"request_parameter_supported", false},
        {"request_uri_parameter_supported", false},
        {"authorization_response_iss_parameter_supported", true},
        {"acr_values_supported", acr_values()},
        {"prompt_values_supported", every_word(prompt_values)},
        {"display_values_supported", json::array{"page"}},
        {"ui_locales_supported", every_word(web::language_tags)},
    };
    if (dynamic_registration) document["registration_endpoint"] = issuer + "/register";
    return json::serialize(document);
}

}  // namespace kommpass::idp::oauth
