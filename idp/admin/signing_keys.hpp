#pragma once

#include "idp/admin/refusal.hpp"

#include <memory>

namespace kommpass::idp::jose {
class key_ring;
}

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// The keys as they are now, for whoever may rotate them.
[[nodiscard]] answer<std::shared_ptr<const jose::key_ring>> signing_keys(const operation_context&,
                                                                         const actor&);

}  // namespace kommpass::idp::admin
