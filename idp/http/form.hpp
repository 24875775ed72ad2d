#pragma once

#include "config/vocabulary/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::http {

enum class form_error {
    malformed_encoding,  // a bad percent sequence, or bytes that are not UTF-8, or a control
                         // character NUL
    too_many_parameters,
};

// Parameters of a query string or of an application/x-www-form-urlencoded body, decoded strictly.
// A parameter without a value counts as absent (RFC 6749, 3.1). More than `most` are refused.
class form {
public:
    [[nodiscard]] static result<form, form_error> parse(std::string_view encoded,
                                                        std::size_t most = 200);

    // The value; nothing if absent or empty. Of a parameter that occurs twice, the first.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
    // The name of a parameter that occurs more than once (RFC 6749, 3.1 makes that
    // invalid_request).
    [[nodiscard]] std::optional<std::string_view> first_repeated() const noexcept;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const noexcept {
        return pairs_;
    }
    // Overwrites every value, for bodies that carried a password.
    void wipe() noexcept;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// RFC 3986 percent-encoding of everything outside the unreserved set.
[[nodiscard]] std::string percent_encode(std::string_view);
// Appends name=value with '?' or '&' as needed; a fragment in `uri` is a bug of the caller.
[[nodiscard]] std::string with_query(std::string uri,
                                     const std::vector<std::pair<std::string, std::string>>&);

}  // namespace kommpass::idp::http
