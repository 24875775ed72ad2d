#include "idp/outgoing/application_addresses.hpp"

#include "config/settings.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace kommpass::idp::outgoing {
namespace {

constexpr std::array private_networks{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                      "100.64.0.0/10", "fc00::/7"};

std::optional<address_bytes> bytes_of(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (address.sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof v6);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return parse_address(text.data());
}

}  // namespace

application_addresses::application_addresses(const std::vector<std::string>& allowed,
                                             std::vector<directory::own_listener> listeners)
    : as_directories_(allowed, std::move(listeners)) {
    for (const auto& text : allowed) {
        if (const auto one = network::parse(text)) allowed_.push_back(*one);
    }
}

std::optional<std::string> application_addresses::why_not(const sockaddr& where) const {
    if (auto refused = as_directories_.why_not(where)) return refused;
    const auto address = bytes_of(where);
    if (!address) return "no internet address";
    const auto is_in = [&](const network& one) { return one.contains(*address); };
    if (std::any_of(allowed_.begin(), allowed_.end(), is_in)) return std::nullopt;
    const bool is_private =
        std::any_of(private_networks.begin(), private_networks.end(), [&](const char* text) {
            const auto one = network::parse(text);
            return one && is_in(*one);
        });
    if (is_private) return "an address of a private network";
    return std::nullopt;
}

application_addresses application_addresses_by(const config::settings& settings) {
    std::vector<directory::own_listener> own;
    for (const auto* one : {&settings.listen, &settings.metrics})
        own.push_back({one->address, one->port});
    if (const auto& mtls = settings.mtls.listen) own.push_back({mtls->address, mtls->port});
    return {settings.applications.allow_networks, std::move(own)};
}

}  // namespace kommpass::idp::outgoing
