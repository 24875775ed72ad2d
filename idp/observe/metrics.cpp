#include "idp/observe/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace kommpass::idp::observe {
namespace {

class read_gauge final : public prometheus::Collectable {
public:
    read_gauge(std::string name, std::string help, std::function<double()> read)
        : name_(std::move(name)), help_(std::move(help)), read_(std::move(read)) {}

    std::vector<prometheus::MetricFamily> Collect() const override {
        prometheus::MetricFamily family{name_, help_, prometheus::MetricType::Gauge, {}};
        family.metric.emplace_back().gauge.value = read_();
        return {std::move(family)};
    }

private:
    std::string name_;
    std::string help_;
    std::function<double()> read_;
};

}  // namespace

void metrics::add(std::weak_ptr<prometheus::Collectable> part) {
    const std::lock_guard lock(mutex_);
    parts_.push_back(std::move(part));
}

void metrics::add_gauge(std::string name, std::string help, std::function<double()> read) {
    auto gauge = std::make_shared<read_gauge>(std::move(name), std::move(help), std::move(read));
    const std::lock_guard lock(mutex_);
    parts_.push_back(gauge);
    gauges_.push_back(std::move(gauge));
}

std::string metrics::scrape() const {
    std::vector<prometheus::MetricFamily> families;
    const std::lock_guard lock(mutex_);
    for (const auto& weak : parts_) {
        const auto part = weak.lock();
        if (!part) continue;
        for (auto& family : part->Collect()) families.push_back(std::move(family));
    }
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace kommpass::idp::observe
