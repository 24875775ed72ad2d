#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A closed-loop HTTP/1.1 load generator on raw epoll: many connections on few threads, each sending
// its next request as soon as the answer before it is complete. Made to cost far less than what it
// measures.
namespace kommpass::bench {

struct answer {
    unsigned status = 0;
    std::string_view head;  // status line and headers
    std::string_view body;

    // The value of a header, by its name in any case; empty if absent.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

enum class outcome {
    goes_on,       // the journey has more requests
    journey_done,  // one unit of work is complete; another begins with the next request
    failed,        // not what was expected: counted, and the connection is made anew
};

// What one connection says. Called on one thread only.
class script {
public:
    virtual ~script() = default;
    // The bytes to send; valid until they are answered. Empty: this connection has nothing more to
    // say.
    virtual std::string_view next_request() = 0;
    virtual outcome answered(const answer&) = 0;
};
using script_maker = std::function<std::unique_ptr<script>(unsigned connection)>;

// The same request again and again; each answer is a journey if its status is the expected one.
[[nodiscard]] script_maker repeat(std::string request, unsigned expected_status = 200);

struct load {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    bool tls = false;  // any certificate is accepted
    unsigned connections = 64;
    unsigned threads = 1;
    std::chrono::milliseconds warm_up{300};  // not counted
    std::chrono::milliseconds duration{2'000};
};

// Times in buckets of 1/32 of their size.
class latencies {
public:
    void add(std::chrono::nanoseconds) noexcept;
    void add(const latencies&) noexcept;
    // In microseconds; `share` from 0 to 1.
    [[nodiscard]] double percentile(double share) const noexcept;

private:
    static constexpr unsigned fine = 32;
    std::array<std::uint64_t, 40 * fine> counts_{};
    std::uint64_t total_ = 0;
};

struct load_report {
    std::uint64_t requests = 0;
    std::uint64_t journeys = 0;
    std::uint64_t failures = 0;
    double seconds = 0;
    latencies of_journeys;
    std::string first_failure;  // its answer's beginning, or what went wrong on the connection

    [[nodiscard]] double requests_per_second() const noexcept {
        return static_cast<double>(requests) / seconds;
    }
    [[nodiscard]] double journeys_per_second() const noexcept {
        return static_cast<double>(journeys) / seconds;
    }
};

// Runs the load to its end. Throws std::runtime_error if not even the first connections can be
// made.
[[nodiscard]] load_report run(const load&, const script_maker&);

}  // namespace kommpass::bench
