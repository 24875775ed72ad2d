#pragma once

#include "idp/http/response.hpp"
#include "idp/http/security_headers.hpp"

#include <string>
#include <string_view>

namespace kommpass::idp::http {

enum class persistence {
    kept,           // HTTP/1.1 keeps without a word
    kept_as_asked,  // HTTP/1.0 is told so
    closed,
};

// Whether every text that becomes part of the head is free of CR, LF and NUL and every header's
// name is a token. An answer that is not must not be sent: somebody could write headers of their
// own into it.
[[nodiscard]] bool is_safe(const response&) noexcept;

// What is sent of the answer's body, if anything is.
[[nodiscard]] std::string_view body_of(const response&) noexcept;

// Writes status line and headers with the empty line into `out`, over what was there.
// `date`: IMF-fixdate. Precondition: is_safe(answer).
void write_head(std::string& out, const response& answer, const security_headers&,
                std::string_view date, std::string_view request_id, persistence);

// IMF-fixdate (RFC 9110, 5.6.7) of a moment in Unix seconds.
[[nodiscard]] std::string http_date(long long unix_seconds);

}  // namespace kommpass::idp::http
