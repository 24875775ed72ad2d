#pragma once

#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace kommpass::idp::store {
struct person;
}

namespace kommpass::idp::admin {

class actor;
struct operation_context;

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

}  // namespace kommpass::idp::admin
