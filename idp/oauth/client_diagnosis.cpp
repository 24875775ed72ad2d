#include "idp/oauth/client_diagnosis.hpp"

#include "config/settings.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/signing_key.hpp"
#include "policies/client_profile.hpp"
#include "policies/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace kommpass::idp::oauth {
namespace {

using policies::client_authentication;
using level = client_finding::level;
namespace words = policies::words;

class diagnosis {
public:
    diagnosis(const policies::client& one, const config::settings& settings)
        : c_(one), settings_(settings) {}

    std::vector<client_finding> all(const shown_keys& keys) {
        authentication();
        if (needs_keys(c_)) look_at_keys(keys);
        binding();
        requests();
        profile();
        return std::move(found_);
    }

private:
    void good(std::string subject, std::string text) {
        found_.push_back({level::ok, std::move(subject), std::move(text), {}});
    }
    void bad(std::string subject, std::string text, std::string remedy) {
        found_.push_back({level::failure, std::move(subject), std::move(text), std::move(remedy)});
    }

    void authentication() {
        const std::string way(words::word_for(words::authentications, c_.authentication));
        const bool by_authority = c_.authentication == client_authentication::tls_client_auth;
        const bool by_certificate =
            by_authority || c_.authentication == client_authentication::self_signed_tls_client_auth;
        if (by_certificate && !settings_.mtls.is_offered())
            return bad("authentication", way + ", but this service takes no client certificates",
                       "give kommpass.toml a section [mtls]");
        if (by_authority && settings_.mtls.ca_file.empty())
            return bad("authentication", way + ", but no authority is trusted",
                       "name the file with its certificate: [mtls] ca_file");
        good("authentication", way);
    }

    // Each key by itself, so that one that nobody can use is named.
    void look_at_keys(const shown_keys& keys) {
        const auto& from = c_.jwks_uri.empty() ? std::string("jwks") : c_.jwks_uri;
        if (!keys.trouble.empty() || keys.json.empty())
            return bad("keys", keys.trouble.empty() ? "there are none" : keys.trouble,
                       c_.jwks_uri.empty()
                           ? "register its public keys as jwks"
                           : "is the address right, its certificate trusted ([applications] "
                             "ca_file) and its network allowed ([applications] allow_networks)?");
        if (const auto set = jose::parse_jwks(keys.json); !set)
            return bad("keys", from + ": " + set.error(), "publish a key that can be used");
        const auto whole = jose::parse_strict_object(keys.json);
        std::size_t usable = 0;
        for (const auto& one : whole->at("keys").as_array()) {
            for (const auto kind : policies::algorithms_for(c_))
                usable += jose::signing_key::from_public_jwk(kind, one.as_object()) ? 1U : 0U;
        }
        if (usable == 0)
            return bad("keys", from + " has none for an algorithm that the client may use",
                       "publish a key for ES256, PS256 or EdDSA");
        good("keys", from + " can be read");
    }

    void binding() {
        if (c_.tls_client_certificate_bound_access_tokens && !settings_.mtls.is_offered())
            return bad("tls_client_certificate_bound_access_tokens",
                       "its tokens need a client certificate, and this service takes none",
                       "give kommpass.toml a section [mtls], or bind them by DPoP");
        if (c_.dpop_bound_access_tokens) good("tokens", "bound to a DPoP key");
        if (c_.tls_client_certificate_bound_access_tokens)
            good("tokens", "bound to the client certificate");
    }

    void requests() {
        if (policies::demands_pushed_requests(c_))
            good("authorization requests", "come by /par only (RFC 9126)");
        if (policies::demands_signed_requests(c_))
            good("authorization requests", "are signed: request, with exp and nbf (RFC 9101)");
        if (policies::demands_signed_responses(c_))
            good("authorization answers",
                 "are signed: response_mode is jwt or ends in .jwt (JARM)");
    }

    void profile() {
        const std::string name(words::word_for(words::profiles, c_.profile));
        const auto broken = policies::broken_demands(c_);
        for (const auto& one : broken)
            bad("profile " + name + ": " + one.demand, "broken", one.text);
        if (broken.empty()) good("profile " + name, "every demand is kept");
    }

    const policies::client& c_;
    const config::settings& settings_;
    std::vector<client_finding> found_;
};

}  // namespace

bool needs_keys(const policies::client& one) noexcept {
    return !one.jwks.empty() || !one.jwks_uri.empty() ||
           one.authentication == client_authentication::private_key_jwt ||
           one.authentication == client_authentication::self_signed_tls_client_auth;
}

std::vector<client_finding> diagnose_client(const policies::client& one,
                                            const config::settings& settings,
                                            const shown_keys& keys) {
    return diagnosis(one, settings).all(keys);
}

}  // namespace kommpass::idp::oauth
