#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::sessions {

// `start` with what a page shows behind it, sealed for `purpose`: where a form is answered with a
// redirect to a page. Nothing if it were longer than the request lines that common proxies take.
[[nodiscard]] std::optional<std::string> sealed_address(std::string start, const jose::key_ring&,
                                                        std::string_view purpose,
                                                        std::string_view plain);

}  // namespace kommpass::idp::sessions
