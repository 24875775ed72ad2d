#pragma once

#include "idp/oauth/authorization_request.hpp"

namespace kommpass::idp::oauth {

enum class proven {
    before,               // by an earlier sign-in: single sign-on
    in_this_interaction,  // on the pages that this very request has led to
};

// Whether somebody who proved `age` ago who they are need not do so again for this request:
// `prompt` and `max_age` (OpenID Connect Core, 3.1.2.1; max_age=0 means the same as prompt=login).
// Every way to a code asks this; within an interaction as well, since a page may lie open for long.
[[nodiscard]] bool is_recent_enough(const authorization_request&, std::chrono::milliseconds age,
                                    proven) noexcept;

}  // namespace kommpass::idp::oauth
