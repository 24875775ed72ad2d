#include "idp/service/directory_metrics.hpp"

#include <prometheus/metric_family.h>

#include <functional>
#include <limits>

namespace kommpass::idp::service {
namespace {

using directory::latency_histogram;
using directory::member_counters;
using directory::replica_counters;

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

// One metric for each server of each member, labelled with both.
prometheus::MetricFamily family_of_replicas(
    const directory::directory_statistics& statistics, const char* name, const char* help,
    prometheus::MetricType type,
    const std::function<void(replica_counters&, prometheus::ClientMetric,
                             prometheus::MetricFamily&)>& add) {
    prometheus::MetricFamily made;
    made.name = name;
    made.help = help;
    made.type = type;
    for (const auto& [slug, counters] : statistics.all()) {
        for (const auto& replica : counters->replicas()) {
            prometheus::ClientMetric one;
            one.label.push_back({"member", slug.str()});
            one.label.push_back({"server", replica->url});
            add(*replica, std::move(one), made);
        }
    }
    return made;
}

prometheus::ClientMetric::Histogram histogram_of(const latency_histogram& counted) {
    prometheus::ClientMetric::Histogram histogram;
    std::uint64_t below = 0;
    for (std::size_t i = 0; i <= latency_histogram::bounds.size(); ++i) {
        below += counted.count_in(i);
        const bool last = i == latency_histogram::bounds.size();
        histogram.bucket.push_back(
            {below, last ? std::numeric_limits<double>::infinity() : latency_histogram::bounds[i]});
    }
    histogram.sample_count = below;
    histogram.sample_sum = counted.sum_of_seconds();
    return histogram;
}

prometheus::MetricFamily latencies(const directory::directory_statistics& statistics) {
    return family_of_replicas(statistics, "kommpass_directory_operation_seconds",
                              "How long a server took to answer", prometheus::MetricType::Histogram,
                              [](replica_counters& replica, prometheus::ClientMetric one,
                                 prometheus::MetricFamily& into) {
                                  const std::pair<const char*, const latency_histogram*> kinds[] = {
                                      {"search", &replica.searches}, {"bind", &replica.binds}};
                                  for (const auto& [kind, counted] : kinds) {
                                      auto labelled = one;
                                      labelled.label.push_back({"operation", kind});
                                      labelled.histogram = histogram_of(*counted);
                                      into.metric.push_back(std::move(labelled));
                                  }
                              });
}

prometheus::MetricFamily failures(const directory::directory_statistics& statistics) {
    return family_of_replicas(
        statistics, "kommpass_directory_failures_total", "What went wrong with a server",
        prometheus::MetricType::Counter,
        [](replica_counters& replica, prometheus::ClientMetric one,
           prometheus::MetricFamily& into) {
            for (std::size_t kind = 0; kind < directory::failure_kinds; ++kind) {
                auto labelled = one;
                labelled.label.push_back(
                    {"kind", std::string(name_of(static_cast<directory::failure_kind>(kind)))});
                labelled.counter.value = static_cast<double>(replica.failures[kind].load());
                into.metric.push_back(std::move(labelled));
            }
        });
}

prometheus::MetricFamily replica_gauge(const directory::directory_statistics& statistics,
                                       const char* name, const char* help,
                                       std::atomic<std::int64_t> replica_counters::*member) {
    return family_of_replicas(statistics, name, help, prometheus::MetricType::Gauge,
                              [member](replica_counters& replica, prometheus::ClientMetric one,
                                       prometheus::MetricFamily& into) {
                                  one.gauge.value = static_cast<double>((replica.*member).load());
                                  into.metric.push_back(std::move(one));
                              });
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
            family(statistics_, "kommpass_directory_password_changes_total",
                   "Passwords that were to be changed", MetricType::Counter,
                   counter(&member_counters::password_changes)),
            family(statistics_, "kommpass_directory_in_flight", "Requests under way",
                   MetricType::Gauge, counter(&member_counters::in_flight)),
            family(statistics_, "kommpass_directory_waiting", "Requests that wait for a connection",
                   MetricType::Gauge, counter(&member_counters::waiting)),
            latencies(statistics_),
            failures(statistics_),
            replica_gauge(statistics_, "kommpass_directory_server_in_flight",
                          "Operations that a server has not answered yet",
                          &replica_counters::in_flight),
            replica_gauge(statistics_, "kommpass_directory_connections", "Open connections",
                          &replica_counters::connections),
            replica_gauge(statistics_, "kommpass_directory_breakers_open",
                          "I/O threads that send nobody to a server now",
                          &replica_counters::breakers_open),
            replica_gauge(statistics_, "kommpass_directory_breakers_half_open",
                          "I/O threads that are finding out whether a server is back",
                          &replica_counters::breakers_half_open)};
}

}  // namespace kommpass::idp::service
