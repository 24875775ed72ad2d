#pragma once

#include "idp/web/pages.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace kommpass::idp::sessions {
struct signed_in;
}

namespace kommpass::idp::admin {
struct operation_services;
}

namespace kommpass::idp::account {

// What a person may do, for whom, until when and by whom; and what a rule would give that does not
// hold at the moment, with why.
struct own_roles {
    std::vector<web::role_entry> held;
    std::vector<web::role_entry> resting;
};
[[nodiscard]] boost::asio::awaitable<own_roles> own_roles_of(const admin::operation_services&,
                                                             const sessions::signed_in&, language);

}  // namespace kommpass::idp::account
