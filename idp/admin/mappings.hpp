#pragma once

#include "idp/admin/catalogue.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// Rules that give roles to persons of a member, or of all.
namespace kommpass::idp::admin {

struct registry_change;
struct operation_context;
class actor;

// What an editor of a mapping offers for it, and what may be done with it there.
struct mapping_choices {
    policies::snapshot_ptr registry;
    const policies::mapping* in_force = nullptr;  // null: a new one
    bool may_change = false;
    bool may_be_everybodys = false;
    std::vector<const policies::member*> members;  // whose people it may be about
    std::vector<catalogue_entry> roles;            // to hand out, and those that it has
};
// For `shown`, as it stands or as somebody typed it. Refused where the actor neither sees one of
// this id nor may make any.
[[nodiscard]] answer<mapping_choices> choices_for(const operation_context&, const actor&,
                                                  const policies::mapping& shown);

struct made_mapping {
    long long revision = 0;
    bool waits = false;               // for a second person
    policies::snapshot_ptr registry;  // with it
    const policies::mapping* document = nullptr;
};
// Makes or changes a mapping. One with a sensitive role waits for a second person, and so does one
// by which its author would gain a role.
[[nodiscard]] boost::asio::awaitable<answer<made_mapping>> put_mapping(
    operation_context&, const actor&, policies::mapping, std::string why,
    std::optional<long long> expected);
[[nodiscard]] boost::asio::awaitable<answer<long long>> remove_mapping(
    operation_context&, const actor&, std::string id, std::string why,
    std::optional<long long> expected);

// A mapping that waits. Refused, it is again what it was in force as before; a new one goes.
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_mapping(
    operation_context&, const actor&, std::string id, std::string why, shown_digest);
[[nodiscard]] boost::asio::awaitable<answer<long long>> refuse_mapping(operation_context&,
                                                                       const actor&, std::string id,
                                                                       std::string why,
                                                                       shown_digest);

// The same as drafts, for simulations.
[[nodiscard]] registry_change change_to(policies::mapping);
[[nodiscard]] registry_change removal_of_mapping(std::string id);

}  // namespace kommpass::idp::admin
