#pragma once

#include "config/vocabulary/identity.hpp"
#include "policies/registry_files.hpp"

#include <functional>
#include <random>

namespace kommpass::tests {

// Two members, two applications, a few rules of each kind. Valid.
[[nodiscard]] policies::registry example_registry();
[[nodiscard]] policies::registry changed(const std::function<void(policies::registry&)>& change);
[[nodiscard]] policies::snapshot_ptr compiled(policies::registry);
// Anna Noack of Lebus, in Meldeamt by way of Bürgerservice.
[[nodiscard]] identity anna();
// A valid registry with every kind of value; the same for the same generator state.
[[nodiscard]] policies::registry random_registry(std::mt19937&);
[[nodiscard]] identity random_identity(std::mt19937&);

}  // namespace kommpass::tests
