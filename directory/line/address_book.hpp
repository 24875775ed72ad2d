#pragma once

#include "config/vocabulary/result.hpp"
#include "directory/line/connect_fault.hpp"
#include "directory/line/socket_address.hpp"
#include "directory/permitted_addresses.hpp"
#include "directory/server_address.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kommpass::directory {

// Every address of a name, or why there is none.
using name_resolver =
    std::function<result<std::vector<socket_address>, std::string>(const server_address&)>;
[[nodiscard]] name_resolver system_resolver();  // getaddrinfo: blocks

// The addresses at which servers are reached: which there are for a name, which may be connected to
// at all, and which failed lately. One for all threads and members; copies share what is known.
// Thread-safe, without locks.
class address_book {
public:
    using steady_time = std::chrono::steady_clock::time_point;
    // Not explicit: who has no names of its own says only what is permitted.
    address_book(permitted_addresses = {}, name_resolver = system_resolver());

    struct forbidden_address {
        socket_address where;
        std::string why;
    };
    struct entry {
        std::vector<socket_address> usable;  // those that failed lately come last
        std::vector<forbidden_address> forbidden;
    };
    // Asks the resolver each time, so that nothing outlives a change of the name. Blocks: for
    // worker threads. At most 16 addresses.
    [[nodiscard]] result<entry, connect_fault> addresses_of(const server_address&) const;

    // How an attempt at an address ended. One that failed comes last for a minute.
    void worked(const socket_address&) const noexcept;
    void failed(const socket_address&,
                steady_time now = std::chrono::steady_clock::now()) const noexcept;
    [[nodiscard]] bool failed_lately(
        const socket_address&, steady_time now = std::chrono::steady_clock::now()) const noexcept;

private:
    struct health;
    permitted_addresses permitted_;
    name_resolver resolve_;
    std::shared_ptr<health> health_;
};

}  // namespace kommpass::directory
