#include "idp/oauth/discovery.hpp"

#include "idp/oauth/claims.hpp"
#include "idp/oauth/tokens.hpp"
#include "idp/sessions/levels.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

namespace json = boost::json;

json::array with_none(json::array methods) {
    methods.emplace_back("none");
    return methods;
}

json::array claim_names() {
    json::array names;
    for (const auto& name : supported_claims()) names.emplace_back(name);
    return names;
}

json::array acr_values() {
    json::array values;
    for (const auto& level : sessions::levels()) values.emplace_back(level.acr);
    return values;
}

}  // namespace

std::string discovery_document(const std::string& issuer) {
    const json::array signing_algorithms{"ES256", "RS256", "PS256", "EdDSA"};
    const json::array client_methods{"client_secret_basic", "client_secret_post",
                                     "private_key_jwt"};
    const json::object document{
        {"issuer", issuer},
        {"authorization_endpoint", issuer + "/authorize"},
        {"token_endpoint", issuer + "/token"},
        {"userinfo_endpoint", issuer + "/userinfo"},
        {"jwks_uri", issuer + "/jwks"},
        {"introspection_endpoint", issuer + "/introspect"},
        {"revocation_endpoint", issuer + "/revoke"},
        {"end_session_endpoint", issuer + "/end-session"},
        {"scopes_supported", {"openid", "profile", "email", "phone", "address", "offline_access"}},
        {"response_types_supported", json::array{"code"}},
        {"response_modes_supported", {"query", "form_post"}},
        {"grant_types_supported", {"authorization_code", "refresh_token", "client_credentials"}},
        {"subject_types_supported", {"pairwise", "public"}},
        {"id_token_signing_alg_values_supported", signing_algorithms},
        {"userinfo_signing_alg_values_supported", signing_algorithms},
        {"token_endpoint_auth_methods_supported", with_none(client_methods)},
        {"token_endpoint_auth_signing_alg_values_supported", signing_algorithms},
        {"introspection_endpoint_auth_methods_supported", client_methods},
        {"introspection_endpoint_auth_signing_alg_values_supported", signing_algorithms},
        {"revocation_endpoint_auth_methods_supported", with_none(client_methods)},
        {"revocation_endpoint_auth_signing_alg_values_supported", signing_algorithms},
        {"code_challenge_methods_supported", json::array{"S256"}},
        {"claim_types_supported", json::array{"normal"}},
        {"claims_supported", claim_names()},
        {"claims_parameter_supported", true},
        {"request_parameter_supported", false},
        {"request_uri_parameter_supported", false},
        {"authorization_response_iss_parameter_supported", true},
        {"acr_values_supported", acr_values()},
        {"prompt_values_supported", {"none", "login", "consent", "select_account"}},
        {"display_values_supported", json::array{"page"}},
        {"ui_locales_supported", {"de", "en", "dsb"}},
    };
    return json::serialize(document);
}

}  // namespace kommpass::idp::oauth
