#pragma once

#include "config/vocabulary/clock.hpp"

#include <optional>
#include <string_view>

namespace kommpass::idp::store {

// What only one node may do at a time, it does under a lease: a name ("task.outbox") that one
// holder has until a moment. The fence numbers the holders: it grows whenever the lease changes
// hands, so that work of a holder who slept through the end of its lease is recognised.
//
// The times are the caller's where all who share the store are on one machine. An engine with a
// server of its own takes the length `until - now` and its server's clock instead: nodes whose
// clocks disagree then still agree on whose lease it is. So a caller passes what its own clock says
// and relies on nothing but the answer.
class lease_store {
public:
    virtual ~lease_store() = default;
    // The fence (1 or more) of the lease, which is then `holder`'s until `until`. The same holder
    // renews and keeps the fence; another one gets it only once it is over or released, with a
    // higher fence; nothing while it is somebody else's. `holder` names one node: two processes of
    // one name are one holder, so that a restarted node goes on at once. An empty name or holder,
    // or an `until` that is not after `now`, is `std::invalid_argument`.
    virtual std::optional<long long> take(std::string_view name, std::string_view holder,
                                          instant now, instant until) = 0;
    // Gives it back before its time; the next taker's fence is higher, whoever that is. False where
    // it was not the holder's.
    virtual bool release(std::string_view name, std::string_view holder) = 0;
    // Whether the lease is not over and nobody else has got it since. Asked in the unit of work
    // that writes what the lease protects.
    virtual bool holds(std::string_view name, long long fence, instant now) = 0;
    // By which clock leases run: the server's, and the caller's `now` where there is no server.
    virtual instant shared_time(instant now) = 0;
};

}  // namespace kommpass::idp::store
