#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace kommpass::idp::store {
enum class store_error;
class store;
}  // namespace kommpass::idp::store

// How long the audit log keeps what (R40): one period for each category of events.
namespace kommpass::idp::audit {

struct retention_category {
    std::string_view name;  // as the settings and the data-protection page have it
    std::span<const std::string_view> events;  // first words: "sign_in" means all of its kind
    std::chrono::seconds config::retention_settings::*period;
};
[[nodiscard]] std::span<const retention_category> retention_categories() noexcept;

// Empties records that are older than their category's period, in bites, and records that it did,
// so that verification can tell lawful emptiness from a hole. One thread at a time; remembers how
// far it came.
class retention {
public:
    // How many records were emptied now. Call again while it is not 0.
    [[nodiscard]] result<std::size_t, store::store_error> apply(store::store&,
                                                                const config::retention_settings&,
                                                                instant now);

private:
    std::map<std::string_view, long long> looked_at_;  // by first word
};

}  // namespace kommpass::idp::audit
