#pragma once

#include "config/vocabulary/network.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct sockaddr;

namespace kommpass::config {
struct settings;
}

namespace kommpass::directory {

// A listener of Kommpass itself; `address` is unspecified for one on every interface.
struct own_listener {
    std::string address;
    std::uint16_t port = 0;
};

// At which addresses directories may be reached. Whoever administers a member names its servers,
// and Kommpass connects: it must not be led to what only this machine reaches. So loopback,
// link-local and unspecified addresses and the machine's own are refused unless the operator allows
// their network; Kommpass's own listeners are refused always. Names are resolved first, each
// address is judged, and the connection goes to the very address that was judged. Thread-safe.
class permitted_addresses {
public:
    // Nothing is allowed besides, no listener is known.
    permitted_addresses() = default;
    // `allowed`: as `network::parse` reads them; what it does not read allows nothing.
    permitted_addresses(const std::vector<std::string>& allowed,
                        std::vector<own_listener> listeners);
    // Loopback as well: for tests, demonstrations and benchmarks.
    [[nodiscard]] static permitted_addresses with_loopback();

    // Why a connection may not go there, in words; nothing if it may.
    [[nodiscard]] std::optional<std::string> why_not(const sockaddr&) const;

private:
    std::vector<network> allowed_;
    std::vector<own_listener> listeners_;
};

// As the operator says: the networks of [directories], and the listeners of the service.
[[nodiscard]] permitted_addresses permitted_by(const config::settings&);

}  // namespace kommpass::directory
