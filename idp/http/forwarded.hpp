#pragma once

#include "idp/http/request.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <vector>

namespace kommpass::idp::http {

// The proxies in front of the service whose X-Forwarded-For is believed: addresses or networks
// ("10.1.0.0/16").
class trusted_proxies {
public:
    // Throws std::runtime_error naming the entry that is neither.
    explicit trusted_proxies(const std::vector<std::string>& listed);

    // Who is asking: `peer` itself unless it is a trusted proxy; then the last address of the
    // X-Forwarded-For chain that is not one. What a client wrote before that is not believed; a
    // chain with something unreadable in it ends there. Entries may carry a port, brackets and
    // quotes, as proxies write them.
    [[nodiscard]] boost::asio::ip::address client_of(const request&,
                                                     const boost::asio::ip::address& peer) const;

    // Whether this address is one of them.
    [[nodiscard]] bool trusts(const boost::asio::ip::address&) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

// Takes away what only a proxy that is trusted may say of the request that it asks about: its host,
// path, method and scheme (X-Forwarded-Host, -Uri, -Method, -Proto). What is not believed is not
// there.
void forget_what_proxies_say(request&);

// An IPv4 address that arrived on an IPv6 socket, as IPv4.
[[nodiscard]] boost::asio::ip::address without_mapping(const boost::asio::ip::address&);

}  // namespace kommpass::idp::http
