#pragma once

#include <string>
#include <string_view>

namespace kommpass::directory {

struct server_address {
    std::string host;  // without the brackets of an IPv6 address
    std::string port;  // the scheme's own if none is named
};

// Of "ldap://host:port" or "ldaps://host".
[[nodiscard]] server_address split_directory_url(std::string_view url);
[[nodiscard]] bool is_loopback(const std::string& host);
[[nodiscard]] bool is_ip_address(const std::string& host);

}  // namespace kommpass::directory
