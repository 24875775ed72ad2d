#include "idp/http/request_metrics.hpp"

#include "idp/http/method.hpp"
#include "idp/http/request.hpp"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <limits>

namespace kommpass::idp::http {
namespace {

// Upper bounds of the latency buckets, in microseconds; one more holds the rest.
constexpr std::array<std::uint64_t, 12> bounds{
    100, 250, 500, 1'000, 2'500, 5'000, 10'000, 50'000, 100'000, 500'000, 1'000'000, 5'000'000};
constexpr std::array<const char*, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};

// Written by one thread and read by others: no locked instruction is needed to add.
class counter {
public:
    void add(std::uint64_t n) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t get() const noexcept {
        return value_.load(std::memory_order_relaxed);
    }

private:
    std::atomic<std::uint64_t> value_{0};
};

struct route_counters {
    std::array<counter, classes.size()> by_class;
    std::array<counter, bounds.size() + 1> by_duration;
    counter microseconds;
};

std::size_t class_of(unsigned status) noexcept { return std::clamp(status / 100, 1U, 5U) - 1; }

std::size_t bucket_of(std::uint64_t microseconds) noexcept {
    return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), microseconds) -
                                    bounds.begin());
}

}  // namespace

struct request_metrics::counters {
    explicit counters(const http::router& router) : by_path(router.routes().size() + 1) {
        for (const auto& route : router.routes()) {
            const auto known = std::find(paths.begin(), paths.end(), route.path);
            path_of_route.push_back(static_cast<std::size_t>(known - paths.begin()));
            if (known == paths.end()) paths.push_back(route.path);
        }
        path_of_route.push_back(paths.size());
        paths.emplace_back("none");
    }

    void count(const http::answered& one) noexcept {
        const auto route = one.route != nullptr ? one.route->number : path_of_route.size() - 1;
        auto& at = by_path[path_of_route[route]];
        const auto took = static_cast<std::uint64_t>(std::max<long long>(one.took.count(), 0));
        at.by_class[class_of(one.status)].add(1);
        at.by_duration[bucket_of(took)].add(1);
        at.microseconds.add(took);
    }

    // Two routes may have one path, with different methods. The last of each: no route.
    std::vector<std::size_t> path_of_route;
    std::vector<std::string> paths;
    std::vector<route_counters> by_path;
};

http::answer_observer request_metrics::observer_for(const http::router& routes) {
    auto own = std::make_shared<counters>(routes);
    {
        const std::lock_guard lock(mutex_);
        threads_.push_back(own);
    }
    return [own = std::move(own)](const http::answered& one) { own->count(one); };
}

namespace {

struct sums {
    std::array<std::uint64_t, classes.size()> by_class{};
    std::array<std::uint64_t, bounds.size() + 1> by_duration{};
    std::uint64_t microseconds = 0;

    void add(const route_counters& from) {
        for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i] += from.by_class[i].get();
        for (std::size_t i = 0; i < by_duration.size(); ++i) {
            by_duration[i] += from.by_duration[i].get();
        }
        microseconds += from.microseconds.get();
    }
};

void append_requests(prometheus::MetricFamily& family, const std::string& path, const sums& of) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (of.by_class[i] == 0) continue;
        auto& metric = family.metric.emplace_back();
        metric.label = {{"route", path}, {"status", classes[i]}};
        metric.counter.value = static_cast<double>(of.by_class[i]);
    }
}

void append_durations(prometheus::MetricFamily& family, const std::string& path, const sums& of) {
    auto& metric = family.metric.emplace_back();
    metric.label = {{"route", path}};
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < of.by_duration.size(); ++i) {
        total += of.by_duration[i];
        const auto bound = i < bounds.size() ? static_cast<double>(bounds[i]) / 1e6
                                             : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({total, bound});
    }
    metric.histogram.sample_count = total;
    metric.histogram.sample_sum = static_cast<double>(of.microseconds) / 1e6;
}

}  // namespace

std::vector<prometheus::MetricFamily> request_metrics::Collect() const {
    prometheus::MetricFamily requests{"kommpass_http_requests_total",
                                      "Answered requests by route and class of status.",
                                      prometheus::MetricType::Counter,
                                      {}};
    prometheus::MetricFamily durations{"kommpass_http_request_duration_seconds",
                                       "From a request's last byte to its answer's end.",
                                       prometheus::MetricType::Histogram,
                                       {}};
    const std::lock_guard lock(mutex_);
    if (threads_.empty()) return {};
    const auto& paths = threads_.front()->paths;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        sums total;
        for (const auto& thread : threads_) total.add(thread->by_path[i]);
        const bool seen = std::any_of(total.by_class.begin(), total.by_class.end(),
                                      [](std::uint64_t n) { return n > 0; });
        if (!seen) continue;
        append_requests(requests, paths[i], total);
        append_durations(durations, paths[i], total);
    }
    return {std::move(requests), std::move(durations)};
}

http::answer_observer access_log(observe::log& to) {
    return [&to](const http::answered& one) {
        if (!to.writes(observe::log::level::debug)) return;
        to.debug("http.answered", {{"request", one.asked->id},
                                   {"method", http::to_string(one.asked->method)},
                                   {"path", one.asked->path},
                                   {"status", one.status},
                                   {"bytes", one.bytes},
                                   {"took_us", one.took.count()},
                                   {"peer", one.asked->peer.to_string()}});
    };
}

http::answer_observer both(http::answer_observer first, http::answer_observer second) {
    return [first = std::move(first), second = std::move(second)](const http::answered& one) {
        first(one);
        second(one);
    };
}

}  // namespace kommpass::idp::http
