#include "directory/server_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace kommpass::directory {

server_address split_directory_url(std::string_view url) {
    auto rest = url.substr(url.find("://") + 3);
    rest = rest.substr(0, rest.find('/'));
    const auto colon = rest.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
    auto host = rest.substr(0, has_port ? colon : rest.size());
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string_view usual = url.starts_with("ldaps") ? "636" : "389";
    return {std::string(host), std::string(has_port ? rest.substr(colon + 1) : usual)};
}

bool is_ip_address(const std::string& host) {
    in_addr v4{};
    in6_addr v6{};
    return ::inet_pton(AF_INET, host.c_str(), &v4) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" ||
           (is_ip_address(host) && host.starts_with("127."));
}

}  // namespace kommpass::directory
