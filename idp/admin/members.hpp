#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::jose {
class key_ring;
}

// Members of the association: they join, are invited to set their directory up, and leave.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

// What the association says of a member; its directory is the member's own business.
struct member_facts {
    std::optional<policies::localized_text> name;
    std::optional<std::string> name_variant;
    std::optional<std::vector<std::string>> domains;
    std::optional<std::string> help_contact;
};
// Nobody can sign in with the new member before its directory is set up. `like`: a member whose
// bookings it gets as well; empty: it gets Kommpass's own administration only.
[[nodiscard]] boost::asio::awaitable<answer<long long>> create_member(
    operation_context&, const actor&, member_slug, member_facts, member_slug like, std::string why);
[[nodiscard]] boost::asio::awaitable<answer<long long>> change_member(
    operation_context&, const actor&, member_slug, member_facts, std::string why,
    std::optional<long long> expected);

// A link for whoever sets the member's directory up; good once. Only while it is not set up yet.
struct issued_invitation {
    std::string link;
    instant good_until{};
};
[[nodiscard]] boost::asio::awaitable<answer<issued_invitation>> invite(
    operation_context&, const actor&, const jose::key_ring&, std::string issuer, member_slug);

// The member leaves: its documents go, rules of others that are for it alone go, and so does what
// the store holds on its persons. The audit log stays, without knowing them any more.
struct removed_member {
    long long revision = 0;
    std::size_t persons = 0;  // who were erased
};
[[nodiscard]] boost::asio::awaitable<answer<removed_member>> remove_member(operation_context&,
                                                                           const actor&,
                                                                           member_slug,
                                                                           std::string why);

}  // namespace kommpass::idp::admin
