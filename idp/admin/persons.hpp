#pragma once

#include "idp/admin/actor.hpp"
#include "idp/admin/effects.hpp"
#include "idp/admin/everybody.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/sessions.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::admin {

// Somebody of a member, found by login name in its directory; known to the store from now on, so
// that roles can be given before the first sign-in.
[[nodiscard]] boost::asio::awaitable<answer<store::person>> find_person(operation_context&,
                                                                        const actor&,
                                                                        member_slug member,
                                                                        std::string user_name);

// The same without asking who may: for whoever names a colleague of their own member.
[[nodiscard]] boost::asio::awaitable<answer<store::person>> find_colleague(operation_context&,
                                                                           member_slug member,
                                                                           std::string user_name);

// A person as everything says now. Without `who` the directory did not answer, or the person is
// gone: `gone` tells which.
struct person_view {
    store::person person;
    std::optional<identity> who;
    bool gone = false;
    policies::evaluation roles;
    std::vector<policies::grant> grants;
    std::vector<policies::withdrawal> withdrawals;
    std::vector<policies::constraint_exception> exceptions;
    std::vector<store::session> sessions;  // only for whom may see them
    policies::snapshot_ptr registry;
};
[[nodiscard]] boost::asio::awaitable<answer<person_view>> view_person(operation_context&,
                                                                      const actor&, person_id);

// Ends every session and refresh token ("Sitzungen beenden").
[[nodiscard]] boost::asio::awaitable<answer<std::size_t>> end_sessions(operation_context&,
                                                                       const actor&, person_id,
                                                                       std::string why);

// Names for ids, as far as the directories tell: "Anna Noack (anna.noack)"; "host:root" stays as it
// is, and who cannot be asked about stands under the id.
struct person_name {
    std::string display_name;
    std::string login_name;
    member_slug member;
};
[[nodiscard]] boost::asio::awaitable<std::vector<person_name>> names_of(
    operation_context&, std::vector<std::string> ids);

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
