#pragma once

#include "directory/member_counters.hpp"

#include <prometheus/collectable.h>

namespace kommpass::idp::service {

// What the directory clients count, for each member, as Prometheus asks for it.
class directory_metrics final : public prometheus::Collectable {
public:
    explicit directory_metrics(const directory::directory_statistics& statistics)
        : statistics_(statistics) {}
    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

private:
    const directory::directory_statistics& statistics_;
};

}  // namespace kommpass::idp::service
