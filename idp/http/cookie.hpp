#pragma once

#include "idp/http/request.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::http {

// The cookies that came with a request (RFC 6265, 4.2.1). What is no well-formed pair is skipped,
// and no more than 64 are read. Views into the request.
class cookies {
public:
    explicit cookies(const request&);

    // The value. Nothing if absent, and nothing if the name occurs twice: a second cookie of the
    // same name was planted by somebody else.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;

private:
    void read(std::string_view header);
    std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

// The value of a Set-Cookie header: Secure, HttpOnly, SameSite=Lax, Path=/ and no Domain, as a name
// that begins with `__Host-` demands. Without `max_age` it lives as long as the browser; zero
// deletes it. Name and value must keep to RFC 6265's grammar: anything else is a bug of the caller
// and throws std::invalid_argument.
[[nodiscard]] std::string host_cookie(std::string_view name, std::string_view value,
                                      std::optional<std::chrono::seconds> max_age = std::nullopt);

}  // namespace kommpass::idp::http
