#pragma once

#include "idp/tasks/outbox_delivery.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace kommpass {
class clock;
}
namespace kommpass::idp::store {
class store;
class transaction;
}  // namespace kommpass::idp::store

// What is left to do once a member has left the registry: its persons are erased one by one, since
// the log is gone through for each. The unit of work that takes the member out writes an entry of
// the outbox that says so; it stays, and is shown as waiting, until nobody is left. So a process
// that dies in between leaves no half of it behind, and nobody has to remember to ask again.
namespace kommpass::idp::admin {

inline constexpr auto member_left_topic = "member.left";

struct departure {
    std::string member;
    std::string who;  // removed the member
    std::string why;
    long long until = 0;  // Unix seconds: whoever was seen later is of a member that joined anew
    std::string request{};
    std::string address{};
};

// Inside the unit of work that takes the member out; gives the entry's sequence.
long long note_departure(store::transaction&, const departure&, instant now);

// Erases who is left of the member, up to `most`; nothing: the store is silent, and the rest is
// still to be done.
struct departed {
    std::size_t erased = 0;
    std::size_t left = 0;  // beyond `most`
};
[[nodiscard]] boost::asio::awaitable<std::optional<departed>> erase_departed(store::store&,
                                                                             const clock&,
                                                                             departure,
                                                                             std::size_t most);

// For `member_left_topic`.
[[nodiscard]] tasks::receiver finish_departures(store::store&, const clock&);

}  // namespace kommpass::idp::admin
