#include "idp/service/directory_metrics.hpp"

#include <prometheus/metric_family.h>

#include <functional>

namespace kommpass::idp::service {
namespace {

using directory::member_counters;

prometheus::MetricFamily family(const directory::directory_statistics& statistics, const char* name,
                                const char* help, prometheus::MetricType type,
                                const std::function<double(const member_counters&)>& read) {
    prometheus::MetricFamily made;
    made.name = name;
    made.help = help;
    made.type = type;
    for (const auto& [slug, counters] : statistics.all()) {
        prometheus::ClientMetric one;
        one.label.push_back({"member", slug.str()});
        const double value = read(*counters);
        if (type == prometheus::MetricType::Counter)
            one.counter.value = value;
        else
            one.gauge.value = value;
        made.metric.push_back(std::move(one));
    }
    return made;
}

}  // namespace

std::vector<prometheus::MetricFamily> directory_metrics::Collect() const {
    using prometheus::MetricType;
    const auto counter = [](auto member) {
        return [member](const member_counters& c) {
            return static_cast<double>((c.*member).load(std::memory_order_relaxed));
        };
    };
    return {family(statistics_, "kommpass_directory_sign_ins_total",
                   "Passwords that were to be checked", MetricType::Counter,
                   counter(&member_counters::sign_ins)),
            family(statistics_, "kommpass_directory_look_ups_total", "Persons that were looked up",
                   MetricType::Counter, counter(&member_counters::look_ups)),
            family(statistics_, "kommpass_directory_unavailable_total",
                   "Requests that the directory did not answer", MetricType::Counter,
                   counter(&member_counters::unavailable)),
            family(statistics_, "kommpass_directory_overloaded_total",
                   "Requests refused at the bound on waiting work", MetricType::Counter,
                   counter(&member_counters::overloaded)),
            family(statistics_, "kommpass_directory_in_flight", "Requests under way",
                   MetricType::Gauge, counter(&member_counters::in_flight))};
}

}  // namespace kommpass::idp::service
