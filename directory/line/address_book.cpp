#include "directory/line/address_book.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace kommpass::directory {
namespace {

constexpr std::size_t most_addresses = 16;
constexpr std::chrono::seconds doubted_for{60};

using deleter = decltype([](addrinfo* list) { ::freeaddrinfo(list); });

result<std::vector<socket_address>, std::string> ask_the_system(const server_address& place) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int failed = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found);
        failed != 0)
        return std::string(::gai_strerror(failed));
    const std::unique_ptr<addrinfo, deleter> owned(found);
    std::vector<socket_address> all;
    for (const auto* one = found; one != nullptr; one = one->ai_next)
        all.emplace_back(one->ai_addr, one->ai_addrlen);
    return all;
}

}  // namespace

name_resolver system_resolver() { return ask_the_system; }

// Until when an address is doubted, by its hash: two that share a place only lose their turn.
struct address_book::health {
    std::array<std::atomic<std::int64_t>, 1024> doubted_until{};
    std::atomic<std::int64_t>& of(const socket_address& where) noexcept {
        const std::string_view bytes(reinterpret_cast<const char*>(&where.storage), where.size);
        return doubted_until[std::hash<std::string_view>{}(bytes) % doubted_until.size()];
    }
};

address_book::address_book(permitted_addresses permitted, name_resolver resolve)
    : permitted_(std::move(permitted)),
      resolve_(std::move(resolve)),
      health_(std::make_shared<health>()) {}

result<address_book::entry, connect_fault> address_book::addresses_of(
    const server_address& place) const {
    auto all = resolve_(place);
    if (!all) return connect_fault{fault::name_unresolved, all.error()};
    if (all->empty()) return connect_fault{fault::name_unresolved, "it has no address"};
    if (all->size() > most_addresses) all->resize(most_addresses);
    entry found;
    for (const auto& one : *all) {
        if (const auto why = permitted_.why_not(one.get()))
            found.forbidden.push_back({one, *why});
        else if (std::find(found.usable.begin(), found.usable.end(), one) == found.usable.end())
            found.usable.push_back(one);
    }
    const auto now = std::chrono::steady_clock::now();
    std::stable_partition(found.usable.begin(), found.usable.end(),
                          [&](const auto& one) { return !failed_lately(one, now); });
    return found;
}

void address_book::worked(const socket_address& where) const noexcept {
    health_->of(where).store(0, std::memory_order_relaxed);
}

void address_book::failed(const socket_address& where, steady_time now) const noexcept {
    health_->of(where).store((now + doubted_for).time_since_epoch().count(),
                             std::memory_order_relaxed);
}

bool address_book::failed_lately(const socket_address& where, steady_time now) const noexcept {
    return health_->of(where).load(std::memory_order_relaxed) > now.time_since_epoch().count();
}

}  // namespace kommpass::directory
