#pragma once

#include "directory/connection_pool.hpp"
#include "directory/ldap_connection.hpp"
#include "directory/member_connections.hpp"

#include <string>
#include <string_view>

namespace kommpass::directory {

// Why no connection was to be had, as whoever asked the directory is told.
[[nodiscard]] inline directory_failure failure_of(const pool_failure& why) {
    return {why.error == pool_error::misconfigured ? trouble::misconfigured : trouble::unavailable,
            why.detail};
}

// `what` was sent over the connection, and no answer came.
[[nodiscard]] inline directory_failure unanswered(const ldap_connection& connection,
                                                  std::string_view what, operation_error error) {
    const std::string_view how = error == operation_error::timeout
                                     ? " was not answered in time"
                                     : ": the connection was lost, or what came is no LDAP";
    return {trouble::unavailable, connection.url() + ": " + std::string(what) + std::string(how)};
}

}  // namespace kommpass::directory
