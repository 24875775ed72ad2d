#pragma once

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace kommpass::idp::http {
struct request;
}

namespace kommpass {
class clock;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
struct audit_record;
}

namespace kommpass::idp::audit {

enum class event;
class shared_append;
class unproven_records;

// How endpoints write the audit log. A record is stored in the same unit of work as what it tells
// of, so that one is never durable without the other; `append` is for what changes nothing else.
// The hash chain is the store's: the engine computes it when it appends, where the order is known.
// One I/O thread only, that of its `shared_append`; what it refers to outlives it.
class recorder {
public:
    recorder(const clock& time, shared_append& append, unproven_records& unproven,
             observe::log& log)
        : time_(time), append_(append), unproven_(unproven), log_(log) {}

    // A record of now, with request id and address; the caller adds member, person and client as
    // far as they are proven.
    [[nodiscard]] store::audit_record record_of(const http::request&, event,
                                                std::string_view result) const;

    // Appends by itself and waits until it is durable. False if the store does not answer; that is
    // logged here, once until it answers again. What nobody has proven is counted once there is too
    // much of it, and comes as a sum (`unproven_records`).
    boost::asio::awaitable<bool> append(store::audit_record);

private:
    void note(bool durable, std::string_view event, std::string_view request);

    const clock& time_;
    shared_append& append_;
    unproven_records& unproven_;
    observe::log& log_;
    unsigned long long lost_ = 0;  // records since the last that was written
};

}  // namespace kommpass::idp::audit
