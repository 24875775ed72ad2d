#include "directory/line/socket_address.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace kommpass::directory {

socket_address::socket_address(const sockaddr* at, socklen_t length)
    : size(std::min(length, static_cast<socklen_t>(sizeof storage))) {
    std::memcpy(&storage, at, size);
}

std::string socket_address::text() const {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (::getnameinfo(&get(), size, host.data(), host.size(), port.data(), port.size(),
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return "?";
    const std::string bare(host.data());
    const bool v6 = bare.find(':') != std::string::npos;
    return (v6 ? "[" + bare + "]" : bare) + ":" + port.data();
}

bool operator==(const socket_address& a, const socket_address& b) noexcept {
    return a.size == b.size && std::memcmp(&a.storage, &b.storage, a.size) == 0;
}

socket_address peer_of(int descriptor) {
    socket_address found;
    found.size = sizeof found.storage;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&found.storage), &found.size) != 0)
        found.size = 0;
    return found;
}

}  // namespace kommpass::directory
