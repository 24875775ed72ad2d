#include "tests/bench/http_load.hpp"

#include "tests/bench/load_connection.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <thread>

#include <sys/epoll.h>
#include <unistd.h>

namespace kommpass::bench {
namespace {

using steady = std::chrono::steady_clock;

class repeated final : public script {
public:
    repeated(std::string request, unsigned expected)
        : request_(std::move(request)), expected_(expected) {}
    std::string_view next_request() override { return request_; }
    outcome answered(const answer& got) override {
        return got.status == expected_ ? outcome::journey_done : outcome::failed;
    }

private:
    std::string request_;
    unsigned expected_;
};

// The connections of one thread.
class loader {
public:
    loader(const load& what, const script_maker& make, unsigned number)
        : what_(what), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (unsigned i = number; i < what.connections; i += what.threads) {
            connections_.push_back(std::make_unique<load_connection>(what, make(i)));
            connections_.back()->open(epoll_);
        }
    }
    loader(const loader&) = delete;
    loader& operator=(const loader&) = delete;
    ~loader() { ::close(epoll_); }

    load_report run(steady::time_point counted_from, steady::time_point until) {
        for (auto& one : connections_) one->begin();
        std::array<epoll_event, 128> events;
        tally counted;
        for (auto now = steady::now(); now < until; now = steady::now()) {
            const int ready =
                ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
            tally uncounted;
            tally& to = now < counted_from ? uncounted : counted;
            for (int i = 0; i < ready; ++i) {
                auto* const one =
                    static_cast<load_connection*>(events[static_cast<std::size_t>(i)].data.ptr);
                one->go_on(epoll_, to);
            }
        }
        load_report report;
        report.requests = counted.requests;
        report.journeys = counted.journeys;
        report.failures = counted.failures;
        report.of_journeys = counted.of_journeys;
        report.first_failure = std::move(counted.first_failure);
        return report;
    }

private:
    const load& what_;
    int epoll_;
    std::vector<std::unique_ptr<load_connection>> connections_;
};

}  // namespace

script_maker repeat(std::string request, unsigned expected_status) {
    return [request = std::move(request), expected_status](unsigned) {
        return std::make_unique<repeated>(request, expected_status);
    };
}

void latencies::add(std::chrono::nanoseconds took) noexcept {
    const auto value = static_cast<std::uint64_t>(std::max<long long>(took.count(), 1));
    const auto magnitude = static_cast<unsigned>(std::bit_width(value));
    // The five bits below the leading one choose the fine bucket.
    const auto below = magnitude > 6 ? (value >> (magnitude - 6)) & (fine - 1) : 0;
    const auto bucket = std::min<std::size_t>(magnitude * fine + below, counts_.size() - 1);
    ++counts_[bucket];
    ++total_;
}

void latencies::add(const latencies& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
}

double latencies::percentile(double share) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(static_cast<double>(total_) * share);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (counts_[i] == 0 || seen < wanted) continue;
        const auto magnitude = i / fine;
        const auto low = magnitude > 0 ? std::uint64_t{1} << (magnitude - 1) : 0;
        return static_cast<double>(low + low * (i % fine) / fine) / 1000.0;
    }
    return 0;
}

load_report run(const load& what, const script_maker& make) {
    std::vector<std::unique_ptr<loader>> loaders;
    for (unsigned i = 0; i < what.threads; ++i) {
        loaders.push_back(std::make_unique<loader>(what, make, i));
    }
    const auto counted_from = steady::now() + what.warm_up;
    const auto until = counted_from + what.duration;
    std::vector<load_report> reports(loaders.size());
    std::vector<std::exception_ptr> errors(loaders.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < loaders.size(); ++i) {
        threads.emplace_back([&, i] {
            try {
                reports[i] = loaders[i]->run(counted_from, until);
            } catch (...) {
                errors[i] = std::current_exception();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    load_report all;
    all.seconds = std::chrono::duration<double>(what.duration).count();
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (errors[i]) std::rethrow_exception(errors[i]);
        all.requests += reports[i].requests;
        all.journeys += reports[i].journeys;
        all.failures += reports[i].failures;
        all.of_journeys.add(reports[i].of_journeys);
        if (all.first_failure.empty()) all.first_failure = reports[i].first_failure;
    }
    return all;
}

}  // namespace kommpass::bench
