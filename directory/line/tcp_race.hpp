#pragma once

#include "directory/line/connect_fault.hpp"
#include "directory/line/socket_address.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kommpass::directory {

class connect_watch;

// An open descriptor, closed with its owner.
class owned_descriptor {
public:
    explicit owned_descriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    owned_descriptor(owned_descriptor&& other) noexcept : descriptor_(other.release()) {}
    owned_descriptor& operator=(owned_descriptor&& other) noexcept;
    ~owned_descriptor();
    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

struct tcp_race {
    std::optional<std::size_t> winner;  // its place among the addresses
    owned_descriptor line;              // non-blocking
    std::vector<std::pair<std::size_t, connect_fault>> lost;
};

// Connects to the first address that takes the connection. Each has a head start of 250 ms before
// the next is tried beside it (RFC 8305, 5), so that one that swallows packets costs no more.
[[nodiscard]] tcp_race race_to(std::span<const socket_address>,
                               std::chrono::steady_clock::time_point until, connect_watch&);

// Has the kernel find out that the other end is gone: asks after `quiet` without traffic.
void keep_alive(int descriptor, std::chrono::seconds quiet);

}  // namespace kommpass::directory
