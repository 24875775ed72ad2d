#pragma once

#include "config/vocabulary/strong_string.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass {
class randomness;
}
namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::login {

// The people who have signed in with this browser, as it brings them in a cookie: sealed, so that
// nobody reads who they are, and nobody makes one for a person whose password they do not know.
// What strangers guess at such a person does not count against this browser, whose errors are
// counted by themselves. It proves nobody's identity.
class known_browser {
public:
    [[nodiscard]] static known_browser of(const http::request&, const jose::key_ring&);

    [[nodiscard]] bool knows_somebody() const noexcept { return !persons_.empty(); }
    // `account`: as `directory::attempt_gate` has it.
    [[nodiscard]] bool knows(const jose::key_ring&, const member_slug&,
                             std::string_view account) const;
    // What this browser's errors are counted under; empty: it knows nobody.
    [[nodiscard]] const std::string& token() const noexcept { return token_; }

    // This person has signed in: the answer sets the cookie, for half a year. The last eight are
    // kept.
    void remember(http::response&, const jose::key_ring&, randomness&, const member_slug&,
                  std::string_view account);

private:
    std::string token_;
    std::vector<std::string> persons_;  // keyed hashes, the last one in front
};

}  // namespace kommpass::idp::login
