#include "idp/store/postgresql/failures.hpp"

#include <stdexcept>

namespace kommpass::idp::store::postgresql {

failure_kind kind_of(std::string_view sqlstate, bool reads) noexcept {
    if (sqlstate.empty() || sqlstate.starts_with("08") || sqlstate.starts_with("57P") ||
        sqlstate == "25P03")
        return failure_kind::connection_lost;
    if (sqlstate == "25006")
        return reads ? failure_kind::caller_bug : failure_kind::connection_lost;
    if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03")
        return failure_kind::conflict;
    if (sqlstate.starts_with("22") || sqlstate.starts_with("23")) return failure_kind::caller_bug;
    return failure_kind::engine;
}

void throw_failure(failure_kind kind, const std::string& words) {
    switch (kind) {
        case failure_kind::connection_lost:
            throw connection_lost(words);
        case failure_kind::conflict:
            throw conflict(words);
        case failure_kind::caller_bug:
            throw std::invalid_argument(words);
        case failure_kind::engine:
            break;
    }
    throw engine_failure(words);
}

}  // namespace kommpass::idp::store::postgresql
