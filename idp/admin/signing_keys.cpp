#include "idp/admin/signing_keys.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"

namespace kommpass::idp::admin {

answer<std::shared_ptr<const jose::key_ring>> signing_keys(const operation_context& at,
                                                           const actor& who) {
    if (!who.may_everywhere(operation::rotate_keys)) return no_such_thing();
    return at.keys.get();
}

}  // namespace kommpass::idp::admin
