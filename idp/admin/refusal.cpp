#include "idp/admin/refusal.hpp"

namespace kommpass::idp::admin {

unsigned status_of(const refusal& no) noexcept {
    switch (no.why) {
        case refusal::reason::not_found:
            return 404;
        case refusal::reason::forbidden:
            return 403;
        case refusal::reason::stale:
            return 412;
        case refusal::reason::invalid:
            return 422;
        case refusal::reason::conflict:
            return 409;
        case refusal::reason::unavailable:
            return 503;
    }
    return 500;
}

}  // namespace kommpass::idp::admin
