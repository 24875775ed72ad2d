#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kommpass::idp::observe {

// Everything that the service tells Prometheus: whoever counts something registers a collectable,
// which is asked when somebody scrapes. Thread-safe.
class metrics {
public:
    // Asked as long as it lives. Collect() is called on the thread that scrapes.
    void add(std::weak_ptr<prometheus::Collectable>);
    // A number that is read when it is asked for; `read` must stay valid and be thread-safe.
    void add_gauge(std::string name, std::string help, std::function<double()> read);

    // The text exposition format.
    [[nodiscard]] std::string scrape() const;
    static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    mutable std::mutex mutex_;
    std::vector<std::weak_ptr<prometheus::Collectable>> parts_;
    std::vector<std::shared_ptr<prometheus::Collectable>> gauges_;
};

// Adds what the operating system says of this process: memory, open files, CPU time, start time.
void add_process_gauges(metrics&);

}  // namespace kommpass::idp::observe
