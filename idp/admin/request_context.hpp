#pragma once

#include "idp/admin/operation_context.hpp"
#include "idp/http/request.hpp"

namespace kommpass::idp::admin {

// What an operation works with that this request asks for.
[[nodiscard]] inline operation_context context_of(const operation_services& services,
                                                  const http::request& request) {
    return {services, request.id, request.peer.to_string()};
}

}  // namespace kommpass::idp::admin
