#pragma once

#include "config/vocabulary/clock.hpp"
#include "idp/console/admin_words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
struct response;
struct request;
}  // namespace kommpass::idp::http

// What the console remembers in the browser, sealed.
namespace kommpass::idp::console {

struct console_session {
    std::string kind;       // "person", "break-glass" or "invitation"
    std::string reference;  // the session id of the person, who issued the link, the member invited
    std::string random;
    instant expires_at{};
    bool has_purpose = false;
};

// Nothing for what was not sealed here, or is over.
[[nodiscard]] std::optional<console_session> session_of(const http::request&, const jose::key_ring&,
                                                        instant now);
void set_session_cookie(http::response&, const jose::key_ring&, const console_session&);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view);
[[nodiscard]] std::optional<long long> number_of(const std::string&);

}  // namespace kommpass::idp::console
