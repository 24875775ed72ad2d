#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"

#include <string>

namespace kommpass::idp::store {

// Somebody whom a directory knows, under an id that never changes.
struct person {
    person_id id;
    member_slug member;
    directory_id directory;
    instant first_seen{};
    friend bool operator==(const person&, const person&) = default;
};

}  // namespace kommpass::idp::store
