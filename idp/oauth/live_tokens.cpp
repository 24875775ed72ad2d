#include "idp/oauth/live_tokens.hpp"

#include "idp/jose/key_ring.hpp"
#include "idp/store/store.hpp"
#include "idp/store/token_families.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::oauth {

boost::asio::awaitable<live_tokens::found> live_tokens::find(std::string_view jws) {
    auto claims = read_access_token(jws, issuer_, *keys_.get(), time_.now());
    if (!claims) co_return token_trouble::not_valid;

    live_token token{std::move(*claims), std::nullopt};
    auto work = [&](store::transaction& t) {
        if (t.families().access_token_revoked(token.claims.jti)) return false;
        if (token.claims.family.empty()) return true;
        token.family = t.families().find(token.claims.family);
        return token.family && !token.family->revoked &&
               token.family->given.client.view() == token.claims.client;
    };
    const auto alive = co_await memory_.read(work);
    if (!alive) co_return token_trouble::store_unavailable;
    if (!*alive) co_return token_trouble::not_valid;
    co_return token;
}

}  // namespace kommpass::idp::oauth
