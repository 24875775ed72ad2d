#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/store/outbox.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

// What the outbox could not deliver, for whoever administers the association: an entry stays until
// it is tried again or discarded here.
namespace kommpass::idp::admin {

struct operation_context;
class actor;
struct dead_letters {
    std::vector<store::outbox_count> topics;
    std::vector<store::outbox_entry> letters;  // without what they say, which may be of persons
    bool more = false;                         // behind the last of them
};

// A page of them in order of their sequence, from `after` (exclusive).
[[nodiscard]] boost::asio::awaitable<answer<dead_letters>> list_dead_letters(operation_context&,
                                                                             const actor&,
                                                                             long long after);

// It goes out again at its old place, with all its attempts before it.
[[nodiscard]] boost::asio::awaitable<answer<store::outbox_entry>> retry_dead_letter(
    operation_context&, const actor&, long long sequence);

// It is gone for good: whom it was for never hears of it. `why` is recorded.
[[nodiscard]] boost::asio::awaitable<answer<store::outbox_entry>> discard_dead_letter(
    operation_context&, const actor&, long long sequence, std::string why);

}  // namespace kommpass::idp::admin
