#pragma once

#include <sys/socket.h>

#include <string>

namespace kommpass::directory {

// Where a connection goes to: an address with its port.
struct socket_address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    socket_address() = default;
    socket_address(const sockaddr*, socklen_t);
    [[nodiscard]] const sockaddr& get() const noexcept {
        return reinterpret_cast<const sockaddr&>(storage);
    }
    [[nodiscard]] std::string text() const;  // "10.1.2.3:636", "[2001:db8::1]:636"
    friend bool operator==(const socket_address&, const socket_address&) noexcept;
};

// Who is at the other end of a connected descriptor; of size 0 if nobody.
[[nodiscard]] socket_address peer_of(int descriptor);

}  // namespace kommpass::directory
