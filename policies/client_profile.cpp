#include "policies/client_profile.hpp"

#include "policies/response_modes.hpp"
#include "policies/words.hpp"

#include <algorithm>
#include <array>

namespace kommpass::policies {
namespace {

const std::vector<signing_algorithm>& every_algorithm() {
    static const auto all = [] {
        std::vector<signing_algorithm> made;
        for (const auto& [name, one] : signing_algorithms) {
            if (std::find(made.begin(), made.end(), one) == made.end()) made.push_back(one);
        }
        return made;
    }();
    return all;
}

const std::vector<signing_algorithm>& fapi_algorithms() {
    static const auto all = [] {
        auto made = every_algorithm();
        std::erase(made, signing_algorithm::rs256);
        return made;
    }();
    return all;
}

class judgement {
public:
    explicit judgement(const client& one) : c_(one) {}

    std::vector<broken_demand> all() {
        authentication();
        binding();
        algorithm("id_token_alg", c_.id_token_alg);
        algorithm("access_token_alg", c_.access_token_alg);
        algorithm("userinfo_alg", c_.userinfo_alg);
        algorithm("introspection_alg", c_.introspection_alg);
        algorithm("authorization_response_alg", c_.authorization_response_alg);
        algorithm("request_object_alg", c_.request_object_alg);
        grants();
        messages();
        for (const auto& uri : c_.redirect_uris) {
            if (!uri.starts_with("https://"))
                say("redirect_uris", "\"" + uri + "\" must begin with https://");
        }
        if (!c_.require_pkce) say("require_pkce", "is demanded: take require_pkce = false out");
        return std::move(broken_);
    }

private:
    void say(std::string demand, std::string text) {
        broken_.push_back({std::move(demand), std::move(text)});
    }

    void authentication() {
        constexpr std::array allowed{client_authentication::private_key_jwt,
                                     client_authentication::tls_client_auth,
                                     client_authentication::self_signed_tls_client_auth};
        if (std::find(allowed.begin(), allowed.end(), c_.authentication) != allowed.end()) return;
        say("authentication",
            "must be private_key_jwt, tls_client_auth or self_signed_tls_client_auth, not " +
                std::string(words::word_for(words::authentications, c_.authentication)));
    }

    void binding() {
        if (c_.dpop_bound_access_tokens || c_.tls_client_certificate_bound_access_tokens) return;
        say("dpop_bound_access_tokens",
            "its access tokens must be bound to a key: dpop_bound_access_tokens = true, or "
            "tls_client_certificate_bound_access_tokens = true");
    }

    // Whoever holds the device and whoever signs in need not be the same, which no binding of the
    // request to a browser can mend.
    void grants() {
        if (may_use(c_.grant_types, grant_types::device_code))
            say("grant_types", "the device grant is not allowed: take it out");
    }

    // What is signed beside tokens (Message Signing).
    void messages() {
        if (c_.profile != client_profile::fapi2_message_signing) return;
        if (c_.jwks.empty() && c_.jwks_uri.empty())
            say("jwks",
                "it signs its authorization requests: name its public keys (jwks, jwks_uri)");
        const auto& modes = c_.response_modes;
        if (!modes.empty() && std::none_of(modes.begin(), modes.end(), response_modes::is_signed))
            say("response_modes",
                "its answers are signed: name one of jwt, query.jwt, "
                "form_post.jwt and fragment.jwt, or take response_modes out");
    }

    static bool may_use(const std::vector<std::string>& all, std::string_view one) {
        return std::find(all.begin(), all.end(), one) != all.end();
    }

    void algorithm(std::string demand, std::optional<signing_algorithm> chosen) {
        const auto& allowed = fapi_algorithms();
        if (!chosen || std::find(allowed.begin(), allowed.end(), *chosen) != allowed.end()) return;
        say(std::move(demand), "RS256 is not allowed: take ES256, PS256 or EdDSA");
    }

    const client& c_;
    std::vector<broken_demand> broken_;
};

}  // namespace

std::span<const signing_algorithm> algorithms_for(const client& one) noexcept {
    return is_fapi(one) ? fapi_algorithms() : every_algorithm();
}

std::vector<broken_demand> broken_demands(const client& one) {
    if (!is_fapi(one)) return {};
    return judgement(one).all();
}

}  // namespace kommpass::policies
