#pragma once

#include "idp/oauth/tokens.hpp"
#include "idp/provider.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace kommpass::idp::oauth {

// An access token that is ours, unexpired and not revoked, with the family it belongs to (none for
// client credentials).
struct live_token {
    access_token_claims claims;
    std::optional<store::token_family> family;
};
enum class token_trouble { not_valid, store_unavailable };

// Verifies the token and asks the store whether it, or its family, was revoked.
[[nodiscard]] boost::asio::awaitable<result<live_token, token_trouble>> find_live_token(
    provider&, std::string_view jws);

}  // namespace kommpass::idp::oauth
