#include "idp/console/client_security.hpp"

#include "policies/client_profile.hpp"
#include "policies/words.hpp"

#include <array>
#include <utility>

namespace kommpass::idp::console {
namespace {

namespace words = policies::words;
using policies::client;

constexpr std::array<std::pair<const char*, std::string client::*>, 6> texts{
    {{"jwks_uri", &client::jwks_uri},
     {"tls_client_auth_subject_dn", &client::tls_client_auth_subject_dn},
     {"tls_client_auth_san_dns", &client::tls_client_auth_san_dns},
     {"tls_client_auth_san_uri", &client::tls_client_auth_san_uri},
     {"tls_client_auth_san_ip", &client::tls_client_auth_san_ip},
     {"tls_client_auth_san_email", &client::tls_client_auth_san_email}}};

constexpr std::array<std::pair<const char*, bool client::*>, 2> truths{
    {{"dpop_bound_access_tokens", &client::dpop_bound_access_tokens},
     {"tls_bound_access_tokens", &client::tls_client_certificate_bound_access_tokens}}};

}  // namespace

void put_security(web::page_data& data, const client& one) {
    std::vector<std::pair<std::string, std::string>> profiles;
    for (const auto& [word, unused] : words::profiles) profiles.emplace_back(word, word);
    web::put_list(data, "profiles",
                  options(profiles, std::string(words::word_for(words::profiles, one.profile))));
    bool any = policies::is_fapi(one);
    for (const auto& [name, field] : texts) {
        web::put(data, name, one.*field);
        any = any || (field != &client::jwks_uri && !(one.*field).empty());
    }
    for (const auto& [name, field] : truths) {
        web::flag(data, name, one.*field);
        any = any || one.*field;
    }
    web::flag(data, "has_security", any);
}

void take_security(const console_request& v, client& one) {
    const auto profile = v.in_form("profile");
    for (const auto& [word, value] : words::profiles) {
        if (word == profile) one.profile = value;
    }
    for (const auto& [name, field] : texts) one.*field = v.in_form(name);
    for (const auto& [name, field] : truths) one.*field = v.in_form(name) == "yes";
}

}  // namespace kommpass::idp::console
