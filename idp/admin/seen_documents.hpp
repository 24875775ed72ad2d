#pragma once

#include "idp/admin/refusal.hpp"
#include "policies/snapshot.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What of the registry an administrator may see, for every face: one test for each kind of
// document, and the lists and single documents that it leaves.
//
//     running registry --> may_see(actor, document) --> seen_list, seen --> page, JSON
//
// What is not for the actor is left out of a list, and asked for by itself it does not exist; who
// sees nothing of a kind whatever it says is told that there is no such thing. Reads the running
// snapshot, which the answer keeps alive.
namespace kommpass::idp::admin {

enum class operation : std::uint8_t;
struct operation_context;
class actor;

[[nodiscard]] bool may_see(const actor&, const policies::member&) noexcept;
// Which applications there are, with their roles and clients, and which roles exclude each other,
// every administrator may know.
[[nodiscard]] bool may_see(const actor&, const policies::application&) noexcept;
[[nodiscard]] bool may_see(const actor&, const policies::constraint&) noexcept;
// Whose member's people it is about; a rule for everybody's whoever sees rules at all.
[[nodiscard]] bool may_see(const actor&, const policies::mapping&) noexcept;
[[nodiscard]] bool may_see(const actor&, const policies::grant&) noexcept;
[[nodiscard]] bool may_see(const actor&, const policies::withdrawal&) noexcept;
[[nodiscard]] bool may_see(const actor&, const policies::constraint_exception&) noexcept;

template <class Document>
struct seen {
    policies::snapshot_ptr registry;
    const Document* document = nullptr;  // a part of it
};

template <class Document>
struct seen_list {
    policies::snapshot_ptr registry;
    std::vector<const Document*> documents;  // by name members, by key all others
};

// The members for which the actor has this right; refused to whom it is given for none.
[[nodiscard]] answer<seen_list<policies::member>> members_for(const operation_context&,
                                                              const actor&, operation);

struct seen_member {
    policies::snapshot_ptr registry;
    const policies::member* document = nullptr;
    std::chrono::seconds silent_for{0};  // its directory; zero: it answered last time
    std::vector<application_key> booked;
};
struct seen_members {
    policies::snapshot_ptr registry;
    std::vector<seen_member> members;  // by name
};
[[nodiscard]] answer<seen_members> list_members(const operation_context&, const actor&);
[[nodiscard]] answer<seen_member> find_member(const operation_context&, const actor&,
                                              const member_slug&);

[[nodiscard]] answer<seen_list<policies::application>> list_applications(const operation_context&,
                                                                         const actor&);
[[nodiscard]] answer<seen<policies::application>> find_application(const operation_context&,
                                                                   const actor&,
                                                                   const application_key&);
[[nodiscard]] answer<seen_list<policies::constraint>> list_constraints(const operation_context&,
                                                                       const actor&);

// `of`: of this member alone; empty: of every member, and of nobody's in particular.
[[nodiscard]] answer<seen_list<policies::mapping>> list_mappings(const operation_context&,
                                                                 const actor&,
                                                                 const member_slug& of = {});
[[nodiscard]] answer<seen<policies::mapping>> find_mapping(const operation_context&, const actor&,
                                                           const std::string& id);

// What is given to single persons, allowed them and taken from them.
struct seen_grants {
    policies::snapshot_ptr registry;
    std::vector<const policies::grant*> grants;
    std::vector<const policies::constraint_exception*> exceptions;
    std::vector<const policies::withdrawal*> withdrawals;
};
[[nodiscard]] answer<seen_grants> list_grants(const operation_context&, const actor&,
                                              const member_slug& of = {});

}  // namespace kommpass::idp::admin
