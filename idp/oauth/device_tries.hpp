#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>

namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::store {
class transaction;
}

namespace kommpass::idp::oauth {

// Counts one look at a user code, right or wrong, for the person and for the address (of IPv6 the
// /64 network): 10 and 60 in ten minutes, over all nodes, since it is counted in the store. Inside
// a unit of work. Nothing: it may be looked up. Else how long until it may be again.
[[nodiscard]] std::optional<std::chrono::seconds> count_device_try(store::transaction&,
                                                                   const jose::key_ring&,
                                                                   const person_id&,
                                                                   const boost::asio::ip::address&,
                                                                   instant now);

}  // namespace kommpass::idp::oauth
