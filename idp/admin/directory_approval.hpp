#pragma once

#include "idp/admin/set_up.hpp"

// A directory in force is led elsewhere by two people:
//
//     set-up, entered and tested --> somebody asks --> waits --> a second person --> in force
//                                                        |
//                          entered anew, or given up: nobody has asked any more
//
// One of the two is the association's central administrator; for the association's own directory
// both are. A member's administrators ask, or agree to what the association asked. The same holds
// for a member that is not in force but has people already: they would be somebody else's. Whoever
// works on the service's machine, or with the emergency access, needs nobody:
// docs/operator/directories.md.
namespace kommpass::idp::admin {

[[nodiscard]] boost::asio::awaitable<answer<bool>> needs_second_person(operation_context&,
                                                                       const actor&,
                                                                       const set_up_view&);

// Keeps that the actor asks, once a test has found nothing wrong.
[[nodiscard]] boost::asio::awaitable<answer<bool>> ask_second_person(operation_context&,
                                                                     const actor&,
                                                                     const set_up_view&,
                                                                     std::string why);

// Why the actor may not put in force what another has asked for; nothing: they may.
[[nodiscard]] std::optional<refusal> judge_second_person(const actor&, const set_up_view&);

// `shown`: the digest of what they were shown; anything that is otherwise since, the directory in
// force too, is shown again first.
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_set_up(operation_context&,
                                                                       const actor&, member_slug,
                                                                       shown_digest shown);

// Members whose set-up waits for a second person, as far as the actor may set them up.
[[nodiscard]] boost::asio::awaitable<answer<std::vector<member_slug>>> waiting_directories(
    operation_context&, const actor&);

// What is shown and approved: what is drafted, what it replaces, who asked and when.
[[nodiscard]] document_version version_of_change(const set_up_view&);
[[nodiscard]] store::audit_record refusal_of_change(const operation_context&, const actor&,
                                                    const member_slug&,
                                                    const std::string& asked_by);

}  // namespace kommpass::idp::admin
