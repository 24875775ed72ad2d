// What a scrape tells of the members' directories.
#include "idp/service/directory_metrics.hpp"

#include <doctest/doctest.h>
#include <prometheus/metric_family.h>

#include <algorithm>

using namespace kommpass;
using namespace std::chrono_literals;

TEST_CASE("latency, failures and breakers are told for each server of each member") {
    directory::directory_statistics statistics;
    const auto counters = statistics.of(member_slug("lebus"));
    const auto first = counters->replica("ldaps://dc1");
    (void)counters->replica("ldaps://dc2");
    first->binds.observe(7ms);
    first->binds.observe(70ms);
    first->binds.observe(7s);
    first->failures[static_cast<std::size_t>(directory::failure_kind::timeout)] = 3;
    first->breakers_open = 1;

    const auto families = idp::service::directory_metrics(statistics).Collect();
    const auto metrics_of = [&](const std::string& name) {
        const auto found = std::find_if(families.begin(), families.end(),
                                        [&](const auto& one) { return one.name == name; });
        REQUIRE(found != families.end());
        return found->metric;
    };
    const auto latencies = metrics_of("kommpass_directory_operation_seconds");
    REQUIRE(latencies.size() == 4);  // two servers, search and bind
    const auto& binds = latencies[1].histogram;
    CHECK(binds.sample_count == 3);
    CHECK(binds.sample_sum == doctest::Approx(7.077));
    CHECK(binds.bucket[3].cumulative_count == 1);  // up to 10 ms
    CHECK(binds.bucket.back().cumulative_count == 3);
    bool told = false;
    for (const auto& one : metrics_of("kommpass_directory_failures_total")) {
        const bool timeout =
            one.label.back().value == "timeout" && one.label[1].value == "ldaps://dc1";
        if (timeout) told = one.counter.value == 3;
    }
    CHECK(told);
    CHECK(metrics_of("kommpass_directory_breakers_open").front().gauge.value == 1);
}
