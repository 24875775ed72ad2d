#include "idp/oauth/live_tokens.hpp"

#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/opaque_access_token.hpp"
#include "idp/store/opaque_tokens.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::oauth {

boost::asio::awaitable<live_tokens::found> live_tokens::find(std::string_view text) {
    const auto now = time_.now();
    const auto hash = is_opaque_access_token(text) ? jose::sha256(text) : std::string();
    live_token token{};
    if (hash.empty()) {
        auto claims = read_access_token(text, issuer_, *keys_.get(), now);
        if (!claims) co_return token_trouble::not_valid;
        token.claims = *std::move(claims);
    }
    auto work = [&](store::transaction& t) {
        if (!hash.empty()) {
            const auto kept = t.opaque_tokens().find(hash, now);
            auto claims =
                kept ? read_access_token_claims(kept->claims_json, issuer_, now) : std::nullopt;
            if (!claims) return false;
            token.claims = *std::move(claims);
        }
        if (t.families().access_token_revoked(token.claims.jti)) return false;
        if (token.claims.family.empty()) return true;
        token.family = t.families().find(token.claims.family);
        // Of an exchange: whoever acts for the person (RFC 8693, 4.1) has a client of its own.
        return token.family && !token.family->revoked &&
               (token.claims.all.contains("act") ||
                token.family->given.client.view() == token.claims.client);
    };
    const auto alive = co_await memory_.read(work);
    if (!alive) co_return token_trouble::store_unavailable;
    if (!*alive) co_return token_trouble::not_valid;
    co_return token;
}

}  // namespace kommpass::idp::oauth
