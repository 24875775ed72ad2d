#pragma once

#include "idp/admin/effects.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/evaluation.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// Who holds what at one member.
struct role_holder {
    person_id person;  // empty for somebody who never signed in
    std::string login_name;
    std::string display_name;
    policies::evaluation roles;
};
struct role_holders_found {
    std::vector<role_holder> holders;
    reading_extent came{};
};
[[nodiscard]] boost::asio::awaitable<answer<role_holders_found>> role_holders(operation_context&,
                                                                              const actor&,
                                                                              member_slug,
                                                                              progress);

}  // namespace kommpass::idp::admin
