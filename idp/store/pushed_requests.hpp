#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {

// An authorization request that a client sent ahead (RFC 9126).
struct pushed_request {
    std::string reference_hash;  // SHA-256 of the random part of its request_uri
    client_id client;
    std::string parameters;  // application/x-www-form-urlencoded, as they were judged
    instant expires_at{};    // from then on nobody can begin with it
    instant kept_until{};    // from then on whoever began with it cannot go on either
    bool used = false;       // it has led to a code
    friend bool operator==(const pushed_request&, const pushed_request&) = default;
};

class pushed_request_store {
public:
    virtual ~pushed_request_store() = default;
    virtual void put(const pushed_request&) = 0;
    // Nothing for one that is unknown or no longer kept. Whether it has expired or was used is the
    // caller's to judge: who began in time may go on, down to the answer that the code stands in.
    [[nodiscard]] virtual std::optional<pushed_request> find(std::string_view reference_hash,
                                                             instant now) = 0;
    // True once, for what `find` would give.
    virtual bool use_up(std::string_view reference_hash, instant now) = 0;
};

}  // namespace kommpass::idp::store
