#include "idp/oauth/bearer.hpp"

namespace kommpass::idp::oauth {

boost::asio::awaitable<result<live_token, token_trouble>> find_live_token(provider& p,
                                                                          std::string_view jws) {
    const auto now = p.time.now();
    auto claims = read_access_token(jws, p.settings.issuer, *p.keys.get(), now);
    if (!claims) co_return token_trouble::not_valid;

    live_token token{std::move(*claims), std::nullopt};
    auto work = [&](store::transaction& t) {
        if (t.families().access_token_revoked(token.claims.jti)) return false;
        if (token.claims.family.empty()) return true;
        token.family = t.families().find(token.claims.family);
        return token.family && !token.family->revoked &&
               token.family->given.client.view() == token.claims.client;
    };
    const auto alive = co_await p.memory.read(work);
    if (!alive) co_return token_trouble::store_unavailable;
    if (!*alive) co_return token_trouble::not_valid;
    co_return token;
}

}  // namespace kommpass::idp::oauth
