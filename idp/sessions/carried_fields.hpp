#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::http {
struct request;
}

// What a form leaves for the page that follows it: carried in that page's address, sealed, for the
// one session whose CSRF value is given. A link that somebody else prepared carries nothing.
namespace kommpass::idp::sessions {

using carried_fields = std::vector<std::pair<std::string, std::string>>;

// The address of the page `path` with these fields; nothing if it were longer than proxies take.
[[nodiscard]] std::optional<std::string> address_carrying(const std::string& path,
                                                          const carried_fields&,
                                                          const jose::key_ring&,
                                                          std::string_view csrf);

// What the address of this request carries; nothing if it carries nothing for this session.
[[nodiscard]] std::optional<carried_fields> carried_by(const http::request&, const jose::key_ring&,
                                                       std::string_view csrf);

}  // namespace kommpass::idp::sessions
