#include "idp/oauth/possession.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/secret_string.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/http/router.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/access_token.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "idp/oauth/dpop_nonce.hpp"
#include "idp/oauth/dpop_proof.hpp"
#include "idp/oauth/presented_token.hpp"
#include "idp/oauth/request_address.hpp"
#include "idp/store/replays.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;
using kind = key_confirmation::kind;

// Normalized with a path and taken off it again: so it fits before any path of ours.
std::string base_of(const std::string& issuer) {
    auto base = normalized_address(issuer + "/").value_or(issuer + "/");
    base.pop_back();
    return base;
}

// One namespace for each key: what one client numbers its proofs by is nothing to another.
std::string replay_scope(const dpop_proof& proof) { return "dpop " + proof.thumbprint; }

std::string replay_id(const dpop_proof& proof) {
    return base64url::encode(jose::sha256(proof.address + "\n" + proof.id));
}

}  // namespace

struct possession_checks::fault {
    enum class kind { invalid_proof, nonce_needed, other_key, store_silent } what;
    std::string description;
};

void offer_nonce(http::response& answer, const proven_possession& proven) {
    if (!proven.next_nonce.empty()) answer.headers.emplace_back("DPoP-Nonce", proven.next_nonce);
}

possession_checks::possession_checks(const config::settings& settings, const clock& time,
                                     store::store& memory, const live<jose::key_ring>& keys)
    : time_(time),
      memory_(memory),
      keys_(keys),
      require_nonce_(settings.dpop_nonce),
      public_bases_{base_of(settings.issuer)} {
    if (settings.mtls.is_offered()) public_bases_.push_back(base_of(settings.mtls.public_address));
}

// The one of ours that is named, else the first: what a header of the request says of hosts counts
// for nothing.
std::string possession_checks::public_address(const http::request& request,
                                              std::string_view named) const {
    for (const auto& base : public_bases_) {
        auto address = base + request.path;
        if (address == named) return address;
    }
    return public_bases_.front() + request.path;
}

// The order matters: what costs nothing first, the store last, so that only a proof that is right
// in every other way is remembered.
possession_checks::checked<proven_possession> possession_checks::check(const http::request& request,
                                                                       sought wanted) const {
    using enum fault::kind;
    if (request.occurs_twice("dpop"))
        co_return fault{invalid_proof, "there is more than one DPoP header"};
    const auto header = request.header("dpop");
    if (!header) co_return fault{invalid_proof, "a DPoP proof is missing"};
    const auto now = time_.now();
    const auto proof = read_dpop_proof(*header, now);
    if (!proof) co_return fault{invalid_proof, proof.error().description};
    const auto address = public_address(request, proof->address);
    const auto fault_of_request =
        mismatch(*proof, {http::to_string(request.method), address, wanted.access_token});
    if (!fault_of_request.empty()) co_return fault{invalid_proof, fault_of_request};
    if (!wanted.thumbprint.empty() && wanted.thumbprint != proof->thumbprint)
        co_return fault{other_key, "the DPoP proof is signed by another key than the token's"};

    const auto age = age_of(*proof, now);
    if (age == proof_age::wrong)
        co_return fault{invalid_proof, "the proof's iat is more than five minutes off"};
    const auto keys = keys_.get();
    const auto nonce = proof->nonce.empty()
                           ? nonce_standing::unknown
                           : judge_dpop_nonce(*keys, wanted.realm, proof->nonce, now);
    const bool without = proof->nonce.empty() && !require_nonce_ && age == proof_age::fresh;
    if (!without && nonce == nonce_standing::unknown) co_return fault{nonce_needed, {}};

    const auto scope = replay_scope(*proof);
    const auto id = replay_id(*proof);
    const auto forget_after = proof->issued_at + furthest_clock + std::chrono::seconds(1);
    auto work = [&](store::transaction& t) {
        return t.replays().first_use(scope, id, forget_after);
    };
    const auto first = co_await memory_.write(work);
    if (!first) co_return fault{store_silent, "the store does not answer"};
    if (!*first) co_return fault{invalid_proof, "the DPoP proof was sent before"};

    proven_possession shown{{kind::dpop, proof->thumbprint}, {}};
    if (nonce == nonce_standing::earlier) shown.next_nonce = dpop_nonce(*keys, wanted.realm, now);
    co_return shown;
}

protocol_error possession_checks::told(const fault& wrong, nonce_realm realm) const {
    const bool at_resource = realm == nonce_realm::resource;
    switch (wrong.what) {
        case fault::kind::nonce_needed: {
            auto nonce = dpop_nonce(*keys_.get(), realm, time_.now());
            return at_resource ? dpop_error::use_dpop_nonce(std::move(nonce))
                               : token_error::use_dpop_nonce(std::move(nonce));
        }
        case fault::kind::other_key:
            return dpop_error::invalid_token(wrong.description);
        case fault::kind::store_silent:
            return token_error::temporarily_unavailable(wrong.description);
        case fault::kind::invalid_proof:
            break;
    }
    return at_resource ? dpop_error::invalid_dpop_proof(wrong.description)
                       : token_error::invalid_dpop_proof(wrong.description);
}

possession_checks::proven possession_checks::if_shown(const http::request& request) const {
    const bool shown = request.header("dpop").has_value() || request.occurs_twice("dpop");
    if (!shown) co_return proven_possession{};
    constexpr auto realm = nonce_realm::authorization;
    auto done = co_await check(request, {realm, {}, {}});
    if (!done) co_return told(done.error(), realm);
    co_return std::move(*done);
}

possession_checks::proven possession_checks::of_client(const http::request& request,
                                                       const policies::client& client) const {
    auto shown = co_await if_shown(request);
    if (!shown) co_return shown.error();
    if (shown->key.exists()) co_return std::move(*shown);
    if (client.dpop_bound_access_tokens)
        co_return token_error::invalid_dpop_proof("this client's tokens need a DPoP proof");
    if (!client.tls_client_certificate_bound_access_tokens) co_return std::move(*shown);
    if (request.certificate.empty())
        co_return token_error::invalid_request("this client's tokens need a client certificate");
    shown->key = {kind::certificate, certificate_thumbprint(request.certificate)};
    co_return std::move(*shown);
}

possession_checks::proven possession_checks::of_token(const http::request& request,
                                                      const presented_token& token,
                                                      const access_token_claims& claims) const {
    const auto key = confirmation_of(claims.all);
    const bool by_dpop = token.scheme == presented_token::scheme::dpop;
    if (key.by != kind::dpop && by_dpop)
        co_return dpop_error::invalid_token("the token is bound to no key: its scheme is Bearer");
    if (key.by == kind::certificate) {
        const auto shown = request.certificate.empty()
                               ? std::string()
                               : certificate_thumbprint(request.certificate);
        if (!equal_in_constant_time(shown, key.thumbprint))
            co_return bearer_error::invalid_token(
                "the token is bound to another client certificate than the connection's");
        co_return proven_possession{key, {}};
    }
    if (key.by != kind::dpop) co_return proven_possession{};
    if (!by_dpop)
        co_return dpop_error::invalid_token("the token is bound to a key: its scheme is DPoP");
    constexpr auto realm = nonce_realm::resource;
    auto done = co_await check(request, {realm, token.text, key.thumbprint});
    if (!done) co_return told(done.error(), realm);
    co_return std::move(*done);
}

}  // namespace kommpass::idp::oauth
