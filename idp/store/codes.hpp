#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/store/authorizations.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace kommpass::idp::store {

struct issued_code {
    std::string code_hash;
    authorization given;
    std::string redirect_uri;  // empty: the request named none
    std::string challenge;     // PKCE S256; empty: none was sent
    std::string nonce;
    instant expires_at{};
    friend bool operator==(const issued_code&, const issued_code&) = default;
};

struct code_replayed {
    std::string family;  // revoke it
};
struct code_unknown {};  // also: expired

class code_store {
public:
    virtual ~code_store() = default;
    virtual void put(const issued_code&) = 0;
    // Takes the code out, once. Every later call finds `code_replayed`, until the code would have
    // expired for good.
    virtual std::variant<issued_code, code_replayed, code_unknown> redeem(
        std::string_view code_hash, instant now) = 0;
};

}  // namespace kommpass::idp::store
