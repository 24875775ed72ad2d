#pragma once

#include "config/vocabulary/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace kommpass::idp::store {
class transaction;
}

namespace kommpass::idp::oauth {

// How an authorization request came here: what its parameters do not say themselves.
struct arrival {
    bool pushed = false;     // by the client, which had proven itself (RFC 9126)
    bool is_signed = false;  // in an object that the client signed (RFC 9101)
    // What leads to one code and no more: the push, and the `jti` of an object that a browser
    // brought. Empty: there is none.
    std::string reference_hash{};
    std::string object_id{};
    instant object_forgotten{};  // until when the `jti` must be remembered
};

// What the sign-in pages carry of a request (sealed) and a push keeps: how it came, and its
// parameters, application/x-www-form-urlencoded.
[[nodiscard]] std::string carry(const arrival&, std::string_view encoded);
// What `carry` made: `reference_hash` is left out, since it stands in the parameters. Nothing for
// anything else. The text refers to `carried`.
[[nodiscard]] std::optional<std::pair<arrival, std::string_view>> carried(std::string_view carried);

// Inside a unit of work that gives a code: false if the request has led to one before.
[[nodiscard]] bool use_up(store::transaction&, const arrival&, std::string_view client,
                          instant now);

}  // namespace kommpass::idp::oauth
