#include "directory/permitted_addresses.hpp"

#include "config/settings.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace kommpass::directory {
namespace {

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

std::uint16_t port_of(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return ntohs(v4.sin_port);
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return ntohs(v6.sin6_port);
}

bool is_in(const char* text, const address_bytes& address) {
    const auto one = network::parse(text);
    return one && one->contains(address);
}

bool is_unspecified(const address_bytes& address) {
    return is_in("0.0.0.0/8", address) || is_in("::", address);
}

bool is_loopback_address(const address_bytes& address) {
    return is_in("127.0.0.0/8", address) || is_in("::1", address);
}

bool is_link_local(const address_bytes& address) {
    return is_in("169.254.0.0/16", address) || is_in("fe80::/10", address);
}

// Asked each time: interfaces come and go.
bool is_of_this_machine(const address_bytes& address) {
    ifaddrs* found = nullptr;
    if (::getifaddrs(&found) != 0) return false;
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(found, ::freeifaddrs);
    for (const auto* one = found; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr) continue;
        if (const auto own = bytes_of(*one->ifa_addr); own && *own == address) return true;
    }
    return false;
}

bool listens_at(const own_listener& one, const address_bytes& address, std::uint16_t port) {
    if (one.port != port) return false;
    const auto where = parse_address(one.address);
    if (!where || is_unspecified(*where))
        return is_loopback_address(address) || is_unspecified(address) ||
               is_of_this_machine(address);
    // An unspecified address leads to whatever loopback has.
    return *where == address || (is_unspecified(address) && is_loopback_address(*where));
}

}  // namespace

permitted_addresses::permitted_addresses(const std::vector<std::string>& allowed,
                                         std::vector<own_listener> listeners)
    : listeners_(std::move(listeners)) {
    for (const auto& text : allowed) {
        if (const auto one = network::parse(text)) allowed_.push_back(*one);
    }
}

permitted_addresses permitted_addresses::with_loopback() { return {{"127.0.0.0/8", "::1"}, {}}; }

std::optional<std::string> permitted_addresses::why_not(const sockaddr& where) const {
    const auto address = bytes_of(where);
    if (!address) return "no internet address";
    const auto port = port_of(where);
    if (std::any_of(listeners_.begin(), listeners_.end(),
                    [&](const own_listener& one) { return listens_at(one, *address, port); }))
        return "Kommpass itself listens there";
    if (std::any_of(allowed_.begin(), allowed_.end(),
                    [&](const network& one) { return one.contains(*address); }))
        return std::nullopt;
    if (is_unspecified(*address)) return "an unspecified address";
    if (is_loopback_address(*address)) return "a loopback address";
    if (is_link_local(*address)) return "a link-local address";
    if (is_of_this_machine(*address)) return "an address of this machine itself";
    return std::nullopt;
}

permitted_addresses permitted_by(const config::settings& settings) {
    std::vector<own_listener> own;
    for (const auto* one : {&settings.listen, &settings.metrics})
        own.push_back({one->address, one->port});
    if (const auto& mtls = settings.mtls.listen) own.push_back({mtls->address, mtls->port});
    return {settings.directory_networks, std::move(own)};
}

}  // namespace kommpass::directory
