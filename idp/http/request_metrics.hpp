#pragma once

#include "idp/http/server.hpp"
#include "idp/observe/log.hpp"

#include <prometheus/collectable.h>

#include <memory>
#include <mutex>
#include <vector>

namespace kommpass::idp::http {

// Counts answered requests by route and class of status, and how long they took. Each I/O thread
// counts in memory of its own, without locks; a scrape adds up. Routes are told apart by the path
// they were added with, so that nobody can invent label values.
class request_metrics final : public prometheus::Collectable {
public:
    // The observer for one thread's server: it must be called on one thread only, and may outlive
    // this. `routes`: that thread's router, filled; all threads have the same routes.
    [[nodiscard]] http::answer_observer observer_for(const http::router& routes);

    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
    struct counters;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const counters>> threads_;
};

// Logs each answered request at level debug.
[[nodiscard]] http::answer_observer access_log(observe::log&);

// Tells both.
[[nodiscard]] http::answer_observer both(http::answer_observer, http::answer_observer);

}  // namespace kommpass::idp::http
