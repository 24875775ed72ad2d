#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::http {

// What is wrong with the certificate that the service shows, or with its key.
struct certificate_fault {
    // "not_usable" (missing, none, or certificate and key do not belong together: not taken),
    // "expired", "not_yet_valid", "expires_soon" (within 14 days), "other_host", "weak_key",
    // "weak_signature", "key_readable" (others may read the key).
    std::string id;
    std::string text;  // a sentence: the file, what is wrong with it, the remedy
};

inline constexpr auto certificate_expires_soon = std::chrono::days(14);

struct own_certificate {
    instant until{};  // 1970: it could not be read
    std::vector<certificate_fault> faults;

    // False: nothing can be served with it.
    [[nodiscard]] bool is_usable() const noexcept;
};

// Judges the files as they are now; nothing where the listener has no TLS. `host`: whom clients
// expect, as `host_of` gives it; empty: nobody in particular. Blocks for file access only.
[[nodiscard]] own_certificate judge_own_certificate(const config::listener&, std::string_view host,
                                                    instant now);

// "pass.example" of "https://pass.example:8443/auth"; an IPv6 address without its brackets.
[[nodiscard]] std::string host_of(std::string_view issuer);

}  // namespace kommpass::idp::http
