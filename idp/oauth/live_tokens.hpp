#pragma once

#include "config/vocabulary/live.hpp"
#include "config/vocabulary/result.hpp"
#include "idp/oauth/access_token.hpp"
#include "idp/store/token_families.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::oauth {

// An access token that is ours, unexpired and not revoked, with the family it belongs to (none for
// client credentials).
struct live_token {
    access_token_claims claims;
    std::optional<store::token_family> family;
};
enum class token_trouble { not_valid, store_unavailable };

// The access tokens that are good at this moment. Thread-safe as far as its parts are, which
// outlive it.
class live_tokens {
public:
    live_tokens(const std::string& issuer, const clock& time, store::store& memory,
                const live<jose::key_ring>& keys)
        : issuer_(issuer), time_(time), memory_(memory), keys_(keys) {}

    using found = result<live_token, token_trouble>;
    // Verifies the token (an opaque one the store knows) and asks the store whether it, or its
    // family, was revoked. `text` is read before the first wait only.
    [[nodiscard]] boost::asio::awaitable<found> find(std::string_view text);

private:
    const std::string& issuer_;
    const clock& time_;
    store::store& memory_;
    const live<jose::key_ring>& keys_;
};

}  // namespace kommpass::idp::oauth
