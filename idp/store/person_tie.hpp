#pragma once

#include <string>

namespace kommpass::idp::store {

// What finds a person again in another directory: the keyed hash of an attribute's value.
struct person_tie {
    std::string attribute;  // lower case
    std::string value_hash;
    friend bool operator==(const person_tie&, const person_tie&) = default;
};

}  // namespace kommpass::idp::store
