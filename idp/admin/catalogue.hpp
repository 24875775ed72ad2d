#pragma once

#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <span>
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

// A role as a form shows it to whoever may change it.
struct role_to_change {
    policies::snapshot_ptr registry;
    const policies::application* owner = nullptr;
    const policies::role* in_force = nullptr;  // null: a new one
};
// `name` empty: a new one. Whose catalogue it is not has no such form.
[[nodiscard]] answer<role_to_change> find_role_to_change(const operation_context&, const actor&,
                                                         const application_key&,
                                                         const role_name& name);

struct catalogue_entry {
    const policies::application* owner = nullptr;
    const policies::role* role = nullptr;
};
// Roles that the actor may hand out, and those of `also`; in the order of their applications.
[[nodiscard]] std::vector<catalogue_entry> roles_to_hand_out(const policies::registry&,
                                                             const actor&,
                                                             std::span<const role_name> also = {});

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
