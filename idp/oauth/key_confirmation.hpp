#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace kommpass::idp::oauth {

// The key whose possession whoever uses a token has to prove (RFC 7800, 3): of a DPoP proof
// (RFC 9449, 6), or of a client certificate (RFC 8705, 3).
struct key_confirmation {
    enum class kind { none, dpop, certificate };
    kind by = kind::none;
    std::string thumbprint;  // RFC 7638 of a key, SHA-256 of a certificate; base64url

    [[nodiscard]] bool exists() const noexcept { return by != kind::none; }
    // "DPoP" or "Bearer" (RFC 9449, 5; RFC 8705, 3 keeps Bearer).
    [[nodiscard]] std::string_view token_type() const noexcept;
    friend bool operator==(const key_confirmation&, const key_confirmation&) = default;
};

// As codes and token families keep it: "jkt:...", "x5t#S256:..."; empty: none.
[[nodiscard]] std::string to_text(const key_confirmation&);
[[nodiscard]] key_confirmation key_confirmation_in(std::string_view text);

// The claim `cnf`. Nothing is added where there is no key.
void add_confirmation(boost::json::object& claims, const key_confirmation&);
// What the claim `cnf` of a token of ours says.
[[nodiscard]] key_confirmation confirmation_of(const boost::json::object& claims);

}  // namespace kommpass::idp::oauth
