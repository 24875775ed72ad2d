#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {

struct consent {
    person_id person;
    client_id client;
    std::vector<std::string> scope;
    instant given_at{};
    std::vector<std::string> claims{};  // by name, beside those of the scopes; "roles"
    friend bool operator==(const consent&, const consent&) = default;
};

class consent_store {
public:
    virtual ~consent_store() = default;
    virtual void put(const consent&) = 0;
    virtual std::optional<consent> find(const person_id&, const client_id&) = 0;
    virtual std::vector<consent> of_person(const person_id&) = 0;
    virtual void withdraw(const person_id&, const client_id&) = 0;
};

}  // namespace kommpass::idp::store
