#pragma once

#include "idp/store/outages.hpp"

#include <atomic>
#include <memory>

namespace kommpass {
class clock;
}
namespace kommpass::config {
struct settings;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::store {
class store;
}

namespace kommpass::idp::service {

// Whether the store takes and gives just now; told by its own threads, read from any.
struct store_health {
    std::atomic<bool> writing_fails{false};
    std::atomic<bool> reading_fails{false};
    store::outages outages;  // of writing
    [[nodiscard]] bool fails() const noexcept { return writing_fails || reading_fails; }
};

// The store of the settings, which tells `log` and `health` how it is; all outlive it. Throws
// `std::runtime_error` with the reason where it cannot be opened.
[[nodiscard]] std::unique_ptr<store::store> open_watched_store(const config::settings&,
                                                               const clock&, observe::log&,
                                                               store_health&);

}  // namespace kommpass::idp::service
