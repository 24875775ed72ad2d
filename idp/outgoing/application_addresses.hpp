#pragma once

#include "directory/permitted_addresses.hpp"

#include <optional>
#include <string>
#include <vector>

struct sockaddr;

namespace kommpass::config {
struct settings;
}

namespace kommpass::idp::outgoing {

// At which addresses applications may be called. Their operators register host names, and Kommpass
// connects: besides what `directory::permitted_addresses` refuses, private networks (RFC 1918, RFC
// 4193, RFC 6598) are refused unless the operator of Kommpass allows them. Thread-safe.
class application_addresses {
public:
    // `allowed`: as `network::parse` reads them.
    application_addresses(const std::vector<std::string>& allowed,
                          std::vector<directory::own_listener> listeners);

    // Why a connection may not go there, in words; nothing if it may.
    [[nodiscard]] std::optional<std::string> why_not(const sockaddr&) const;

private:
    directory::permitted_addresses as_directories_;
    std::vector<network> allowed_;
};

// As the operator says: the networks of [applications], and the listeners of the service.
[[nodiscard]] application_addresses application_addresses_by(const config::settings&);

}  // namespace kommpass::idp::outgoing
