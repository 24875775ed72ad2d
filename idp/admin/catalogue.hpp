#pragma once

#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// The roles of an application, as the association publishes them.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

// Makes or changes a role. A new one is offered to the members from today, with its description as
// the text of the offer.
[[nodiscard]] boost::asio::awaitable<answer<long long>> put_role(operation_context&, const actor&,
                                                                 application_key, policies::role,
                                                                 std::string why,
                                                                 std::optional<long long> expected);
// A role that a rule still gives is not removed: the refusal names the rules.
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_role(operation_context&,
                                                                    const actor&, application_key,
                                                                    role_name, std::string why);

// Roles that were published lately, of an application that the member has booked, that the member
// may hand out and that nothing gives to its people yet.
inline constexpr int offers_last_days = 60;
struct role_offer {
    member_slug member;
    application_key application;
    role_name role;
};
[[nodiscard]] std::vector<role_offer> offers_for(const policies::registry&, const actor&,
                                                 day today);

}  // namespace kommpass::idp::admin
