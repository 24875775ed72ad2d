#pragma once

#include "config/vocabulary/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {

// What a request with an idempotency key was answered with.
struct idempotent_answer {
    std::string actor;
    std::string key;
    std::string request_hash;
    long long status = 0;
    std::string body;
    instant expires_at{};
    friend bool operator==(const idempotent_answer&, const idempotent_answer&) = default;
};

class idempotency_store {
public:
    virtual ~idempotency_store() = default;
    virtual std::optional<idempotent_answer> find(std::string_view actor, std::string_view key) = 0;
    virtual void put(const idempotent_answer&) = 0;
};

}  // namespace kommpass::idp::store
