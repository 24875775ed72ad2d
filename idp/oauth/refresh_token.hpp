#pragma once

#include "config/vocabulary/clock.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::policies {
struct client;
}
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
struct token_family;
}

namespace kommpass::idp::oauth {

// A refresh token's text: "<family>.<generation>.<secret>". The secret is a keyed hash over both
// and the family's seed: who has only the store, or only the key file, cannot make one; yet a token
// can be told from one that was never issued, and given once more, without its text being kept.
struct refresh_token {
    std::string text;
    std::string family;
    std::optional<long long> generation;  // nothing: from before tokens were derived
    std::string hash;                     // SHA-256 of the whole text

    [[nodiscard]] static refresh_token derive(std::string_view family, std::string_view seed,
                                              long long generation, const jose::key_ring&);
    // Nothing for text that no token of ours has.
    [[nodiscard]] static std::optional<refresh_token> parse(std::string_view text);
};

// What a refresh token is worth to its family.
enum class standing {
    current,       // take it, and give the next one
    repeated,      // replaced within the grace: a client that asks twice, or never saw our answer
    reused,        // replaced longer ago: somebody else has it (RFC 9700, 4.14.2)
    never_issued,  // a guess, which says nothing of the family
    ended,         // the family is revoked or over
};
// Pure. `grace`: the application's `refresh_reuse_grace`, or longer after an outage of the store.
[[nodiscard]] standing standing_of(const refresh_token&, const store::token_family&,
                                   const jose::key_ring&, std::chrono::seconds grace, instant now);

// Whether its refresh token was not used for longer than the client registered.
[[nodiscard]] bool lay_idle(const store::token_family&, const policies::client&, instant now);

// Whether the family ever gave this token out, as its current one or before.
[[nodiscard]] bool was_issued(const refresh_token&, const store::token_family&,
                              const jose::key_ring&);

// `family.replaced` as it is once the current token is replaced, too: as long as any grace looks
// back.
[[nodiscard]] std::vector<instant> replaced_with(const store::token_family& family, instant now);

}  // namespace kommpass::idp::oauth
