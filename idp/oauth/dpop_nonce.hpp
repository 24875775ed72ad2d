#pragma once

#include "config/vocabulary/clock.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

// The nonces of RFC 9449, 8 and 9: a MAC over the time under a key that all nodes have. No node
// remembers any, so that each takes what another gave, before and after a restart.
namespace kommpass::idp::oauth {

// Authorization server and resources are apart: a proof made for one says nothing to the other.
enum class nonce_realm { authorization, resource };

// The nonce of this moment. It is taken for five to ten minutes.
[[nodiscard]] std::string dpop_nonce(const jose::key_ring&, nonce_realm, instant now);

enum class nonce_standing {
    current,
    earlier,  // good, but soon over: the answer offers the current one
    unknown,  // not ours, or over
};
// Also takes that of the next period: a node whose clock is ahead may have given it.
[[nodiscard]] nonce_standing judge_dpop_nonce(const jose::key_ring&, nonce_realm,
                                              std::string_view nonce, instant now);

}  // namespace kommpass::idp::oauth
