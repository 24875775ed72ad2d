#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store {

enum class device_decision { waiting, allowed, denied };

// A device that waits for a person's answer (RFC 8628). Both codes are kept as SHA-256 only.
struct device_request {
    std::string device_code_hash;
    std::string user_code_hash;
    client_id client;
    std::vector<std::string> scope;
    std::vector<std::string> resources{};
    std::string address;  // where the device called from, for the person to compare
    instant asked_at{};
    instant expires_at{};
    device_decision decision = device_decision::waiting;
    long long interval_seconds = 5;  // between two polls; grows with each that is too early
    instant polled_at{};
    friend bool operator==(const device_request&, const device_request&) = default;
};

class device_request_store {
public:
    virtual ~device_request_store() = default;
    // False, and nothing is kept, if one of the codes is already there.
    virtual bool put(const device_request&) = 0;
    // Expired ones as well: the caller says so to the device.
    virtual std::optional<device_request> find(std::string_view device_code_hash) = 0;
    // Those that still wait for an answer and are not expired.
    virtual std::optional<device_request> find_waiting(std::string_view user_code_hash,
                                                       instant now) = 0;
    // False if it does not wait any more: another answer was quicker.
    virtual bool decide(std::string_view device_code_hash, device_decision) = 0;
    virtual void polled(std::string_view device_code_hash, instant at, long long interval) = 0;
};

}  // namespace kommpass::idp::store
