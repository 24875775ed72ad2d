#include "config/vocabulary/distinguished_name.hpp"
#include "policies/authorization_details_types.hpp"
#include "policies/client_profile.hpp"
#include "policies/encryption_key.hpp"
#include "policies/grammar.hpp"
#include "policies/lifetimes.hpp"
#include "policies/response_modes.hpp"
#include "policies/validation.hpp"
#include "policies/words.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace kommpass::policies {
namespace {

bool is_grant_type(std::string_view type) {
    return std::find(grant_types::all.begin(), grant_types::all.end(), type) !=
           grant_types::all.end();
}

// "authorization_code, refresh_token and client_credentials"
std::string every_grant_type() {
    std::string text;
    for (const auto type : grant_types::all) {
        if (!text.empty()) text.append(type == grant_types::all.back() ? " and " : ", ");
        text.append(type);
    }
    return text;
}

bool is_response_mode(std::string_view name) {
    return std::any_of(response_modes::all.begin(), response_modes::all.end(),
                       [&](const auto& mode) { return mode.name == name; });
}

std::string every_response_mode() {
    std::string text;
    for (const auto& mode : response_modes::all)
        text.append(text.empty() ? "" : ", ").append(mode.name);
    return text;
}

bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.~").find(c) != std::string_view::npos;
}

// The form only; what each key is worth is judged where it is used.
bool has_keys(const std::string& jwks) {
    boost::system::error_code error;
    const auto whole = boost::json::parse(jwks, error);
    const auto* object = error ? nullptr : whole.if_object();
    const auto* keys = object != nullptr ? object->if_contains("keys") : nullptr;
    return keys != nullptr && keys->is_array() && !keys->get_array().empty();
}

class client_validation {
public:
    client_validation(const registry& all, const application& a, const client& c,
                      config::mistakes& wrong)
        : all_(all), a_(a), c_(c), wrong_(wrong) {}

    void all() {
        if (!grammar::is_client_id(c_.id.view()))
            say("the id must be letters, digits, '-', '_', '.' and '~'");
        credentials();
        encryption("id_token_encryption_alg", c_.id_token_encryption_alg);
        encryption("userinfo_encryption_alg", c_.userinfo_encryption_alg);
        grants();
        addresses();
        lifetimes();
        exchange();
        if (is_public() && !c_.require_pkce) say("a public client cannot do without PKCE");
        for (const auto& broken : broken_demands(c_))
            say("the profile " + std::string(words::word_for(words::profiles, c_.profile)) +
                " demands of " + broken.demand + ": " + broken.text);
        if ((c_.require_pushed_authorization_requests || c_.require_signed_request_object) &&
            !has_grant(grant_types::authorization_code))
            say("demands something of authorization requests, and is not registered for them");
        for (const auto& audience : c_.audiences) {
            if (audience.empty() || audience.size() > 255)
                say("an audience must have 1 to 255 characters");
        }
        shown();
        for (const auto& type : c_.authorization_details_types) {
            const auto& known = authorization_details_types::all;
            if (std::find(known.begin(), known.end(), type) == known.end())
                say("unknown type of authorization details \"" + type + "\"; known is " +
                    std::string(known.front()));
        }
        for (const auto& mode : c_.response_modes) {
            if (!is_response_mode(mode))
                say("unknown response mode \"" + mode + "\"; known are " + every_response_mode());
        }
        words_of("scope", c_.scopes);
        words_of("default_acr_values", c_.default_acr_values);
        constexpr std::size_t most_levels = 20;  // as a request may name
        if (c_.default_acr_values.size() > most_levels) say("has more than 20 default_acr_values");
    }

private:
    [[nodiscard]] bool is_public() const {
        return c_.authentication == client_authentication::none;
    }
    [[nodiscard]] bool has_grant(std::string_view type) const {
        return std::find(c_.grant_types.begin(), c_.grant_types.end(), type) !=
               c_.grant_types.end();
    }
    void say(const std::string& text) {
        wrong_.push_back(
            {"applications/" + a_.key.str(), 0, "client \"" + c_.id.str() + "\": " + text});
    }

    void words_of(const std::string& what, const std::vector<std::string>& all) {
        for (const auto& one : all) {
            if (one.empty() || one.find(' ') != std::string::npos)
                say(what + " \"" + one + "\" must be one word");
        }
    }

    void credentials() {
        const bool by_secret = c_.authentication == client_authentication::client_secret_basic ||
                               c_.authentication == client_authentication::client_secret_post;
        if (by_secret && c_.secret_sha256.empty())
            say("secret_sha256 is missing; `kommpass client secret` makes a secret and its hash");
        if (!by_secret && !c_.secret_sha256.empty())
            say("has a secret_sha256 that its authentication does not use");
        for (const auto& hash : c_.secret_sha256) {
            if (!grammar::is_sha256_hex(hash))
                say("secret_sha256 must be 64 lower-case hexadecimal digits: the hash, never the "
                    "secret");
        }
        keys();
        certificate();
    }

    void keys() {
        const bool by_key = c_.authentication == client_authentication::private_key_jwt ||
                            c_.authentication == client_authentication::self_signed_tls_client_auth;
        const bool has_any = !c_.jwks.empty() || !c_.jwks_uri.empty();
        if (by_key && !has_any)
            say(std::string(words::word_for(words::authentications, c_.authentication)) +
                " needs jwks: the client's public keys as JSON text, or jwks_uri: where it "
                "publishes them");
        if (!c_.jwks.empty() && !c_.jwks_uri.empty())
            say("has both jwks and jwks_uri; leave one of them");
        if (!c_.jwks.empty() && !has_keys(c_.jwks))
            say("jwks must be a JSON object with a list \"keys\" that is not empty");
        const bool signs_requests =
            demands_signed_requests(c_) || c_.request_object_alg || !c_.request_uris.empty();
        if (signs_requests && !has_any)
            say("signed authorization requests need jwks: the client's public keys as JSON text, "
                "or jwks_uri: where it publishes them");
        if (!c_.jwks_uri.empty()) https_address("jwks_uri", c_.jwks_uri);
    }

    void encryption(const char* field, const std::optional<key_management>& alg) {
        if (!alg || has_encryption_key(c_.jwks, *alg)) return;
        say(std::string(field) + " needs a key in jwks with a kid, \"use\":\"enc\" and " +
            (*alg == key_management::ecdh_es ? "the curve P-256" : "RSA of at least 2048 bit"));
    }

    void certificate() {
        const std::array names{&c_.tls_client_auth_subject_dn, &c_.tls_client_auth_san_dns,
                               &c_.tls_client_auth_san_uri, &c_.tls_client_auth_san_ip,
                               &c_.tls_client_auth_san_email};
        const auto named = std::count_if(names.begin(), names.end(),
                                         [](const auto* one) { return !one->empty(); });
        const bool by_authority = c_.authentication == client_authentication::tls_client_auth;
        if (by_authority && named != 1)
            say("tls_client_auth needs exactly one of tls_client_auth_subject_dn, _san_dns, "
                "_san_uri, _san_ip and _san_email");
        if (!by_authority && named > 0)
            say("names a certificate's subject, and does not authenticate by tls_client_auth");
        const auto& dn = c_.tls_client_auth_subject_dn;
        if (!dn.empty() && !distinguished_name::parse(dn))
            say("tls_client_auth_subject_dn \"" + dn + "\" is no distinguished name (RFC 4514)");
        if (c_.dpop_bound_access_tokens && c_.tls_client_certificate_bound_access_tokens)
            say("its tokens are bound to a DPoP key or to a certificate, not to both");
    }

    void https_address(std::string_view name, const std::string& uri) {
        auto problem = grammar::redirect_uri_problem(uri, false);
        if (problem.empty() && !uri.starts_with("https://")) problem = "must begin with https://";
        if (!problem.empty()) say(std::string(name) + " \"" + uri + "\" " + std::string(problem));
    }

    void grants() {
        for (const auto& type : c_.grant_types) {
            if (!is_grant_type(type))
                say("unknown grant type \"" + type + "\"; known are " + every_grant_type());
        }
        if (is_public() && has_grant(grant_types::client_credentials))
            say("client_credentials is for confidential clients");
        if (has_grant(grant_types::refresh_token) && !has_grant(grant_types::authorization_code) &&
            !has_grant(grant_types::device_code))
            say("refresh_token needs authorization_code or the device grant");
    }

    // What people are shown or led to: pages of the web, and a picture from where the browser goes
    // next in any case, so that nobody else learns who signs in.
    void shown() {
        for (const auto& [name, uri] : {std::pair{"policy_uri", &c_.policy_uri},
                                        {"tos_uri", &c_.tos_uri},
                                        {"logo_uri", &c_.logo_uri},
                                        {"initiate_login_uri", &c_.initiate_login_uri}}) {
            if (uri->empty()) continue;
            const auto problem = https_problem(*uri);
            if (!problem.empty()) say(std::string(name) + " \"" + *uri + "\" " + problem);
        }
        if (!c_.logo_uri.empty() && !is_on_own_host(c_.logo_uri))
            say("logo_uri must lie on a host of the redirect_uris: every browser that signs in "
                "loads it");
    }

    static std::string https_problem(const std::string& uri) {
        const auto problem = grammar::redirect_uri_problem(uri, false);
        if (!problem.empty()) return std::string(problem);
        return uri.starts_with("https://") ? std::string() : "must begin with https://";
    }

    static std::string_view origin_of(std::string_view uri) {
        return uri.substr(0, uri.find_first_of("/?#", std::string_view("https://").size()));
    }

    bool is_on_own_host(std::string_view uri) const {
        return std::any_of(c_.redirect_uris.begin(), c_.redirect_uris.end(),
                           [&](const auto& own) { return origin_of(own) == origin_of(uri); });
    }

    void addresses() {
        if (has_grant(grant_types::authorization_code) && c_.redirect_uris.empty())
            say("redirect_uris is missing");
        for (const auto* list : {&c_.redirect_uris, &c_.post_logout_redirect_uris}) {
            for (const auto& uri : *list) {
                const auto problem = grammar::redirect_uri_problem(uri, is_public());
                if (!problem.empty()) say("redirect URI \"" + uri + "\" " + std::string(problem));
            }
        }
        requests();
        for (const auto& [name, uri] :
             {std::pair("backchannel_logout_uri", &c_.backchannel_logout_uri),
              std::pair("frontchannel_logout_uri", &c_.frontchannel_logout_uri)}) {
            if (!uri->empty()) https_address(name, *uri);
        }
    }

    // With a fragment, which says which version it is (OpenID Connect Core, 6.2).
    void requests() {
        constexpr std::size_t most = 20;
        if (c_.request_uris.size() > most) say("has more than 20 request_uris");
        if (!c_.request_uris.empty() && !has_grant(grant_types::authorization_code))
            say("has request_uris, and is not registered for authorization requests");
        for (const auto& uri : c_.request_uris) {
            const auto mark = uri.find('#');
            https_address("request_uris", uri.substr(0, mark));
            const auto fragment = mark == std::string::npos ? std::string() : uri.substr(mark + 1);
            constexpr std::size_t longest = 128;
            if (fragment.size() > longest ||
                !std::all_of(fragment.begin(), fragment.end(), in_name))
                say("request_uris \"" + uri +
                    "\" has a fragment that is not 128 letters, digits, "
                    "'-', '_', '.' and '~' at most");
        }
    }

    bool is_registered(const client_id& id) const {
        for (const auto& [key, application] : all_.applications) {
            for (const auto& one : application.clients) {
                if (one.id == id) return true;
            }
        }
        return false;
    }

    void exchange() {
        const bool may = has_grant(grant_types::token_exchange);
        if (may && is_public()) say("token exchange is for confidential clients");
        if (may != !c_.token_exchange_targets.empty())
            say("the grant type token-exchange and token_exchange_targets need each other");
        for (const auto& target : c_.token_exchange_targets) {
            if (target == c_.id)
                say("token_exchange_targets names the client itself");
            else if (!is_registered(target))
                say("token_exchange_targets: unknown client \"" + target.str() + "\"");
        }
    }

    void lifetimes() {
        using namespace std::chrono_literals;
        if (c_.access_token_lifetime &&
            (*c_.access_token_lifetime < 10s || *c_.access_token_lifetime > 24h))
            say("access_token_lifetime must be from \"10s\" to \"24h\"");
        const bool own = c_.access_token_lifetime || c_.refresh_token_lifetime;
        if (own && refresh_token_lifetime(a_, c_) < access_token_lifetime(a_, c_))
            say("refresh_token_lifetime must not be shorter than access_token_lifetime");
        if (c_.refresh_token_idle_time &&
            *c_.refresh_token_idle_time < access_token_lifetime(a_, c_))
            say("refresh_token_idle_time must not be shorter than access_token_lifetime");
    }

    const registry& all_;
    const application& a_;
    const client& c_;
    config::mistakes& wrong_;
};

}  // namespace

void validate_client(const registry& all, const application& a, const client& c,
                     config::mistakes& wrong) {
    client_validation(all, a, c, wrong).all();
}

}  // namespace kommpass::policies
