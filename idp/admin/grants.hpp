#pragma once

#include "config/vocabulary/local_day.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "idp/store/audit_record.hpp"
#include "policies/registry.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

// Roles given to single persons, in every step of their lives.
namespace kommpass::idp::admin {

struct operation_context;
class actor;
struct grant_request {
    member_slug member;
    person_id person;
    role_name role;
    std::vector<member_slug> for_members;  // empty: the person's own
    std::string reason;
    std::optional<day> from;
    std::optional<day> until;
    person_id deputy_of{};
};
struct made_grant {
    std::string id;
    bool needs_approval = false;
    long long revision = 0;
};
// A sensitive role waits for a second person; any other holds at once. Members that are named
// besides the person's own have to agree first.
[[nodiscard]] boost::asio::awaitable<answer<made_grant>> request_grant(operation_context&,
                                                                       const actor&, grant_request);
// The same as a part of a larger change: the document, what puts it into the registry, and its
// record. That the person is known is for the change to see to.
struct asked_grant {
    policies::grant document;
    bool waits = false;
    store::audit_record record;
    std::function<std::optional<refusal>(policies::registry&)> add;
};
[[nodiscard]] answer<asked_grant> ask_grant(operation_context&, const actor&, const grant_request&);
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_grant(operation_context&,
                                                                      const actor&, std::string id,
                                                                      std::string why,
                                                                      shown_digest);
// Ends what holds, refuses what waits, takes back what the actor asked for: the grant is gone. Who
// refuses says what they were shown.
[[nodiscard]] boost::asio::awaitable<answer<long long>> end_grant(operation_context&, const actor&,
                                                                  std::string id, std::string why,
                                                                  shown_digest shown = {});

struct exception_request {
    std::string constraint;
    member_slug member;
    person_id person;
    std::string reason;
    std::optional<day> until;
};
[[nodiscard]] boost::asio::awaitable<answer<made_grant>> request_exception(operation_context&,
                                                                           const actor&,
                                                                           exception_request);
[[nodiscard]] boost::asio::awaitable<answer<long long>> approve_exception(
    operation_context&, const actor&, std::string id, std::string why, shown_digest);
[[nodiscard]] boost::asio::awaitable<answer<long long>> end_exception(operation_context&,
                                                                      const actor&, std::string id,
                                                                      std::string why,
                                                                      shown_digest shown = {});

// The role ends for this person whatever gives it: grants go, mappings are withdrawn from.
[[nodiscard]] boost::asio::awaitable<answer<long long>> end_role(operation_context&, const actor&,
                                                                 member_slug member, person_id,
                                                                 role_name, std::string why);

// The id is known to the store, as a person of this member.
[[nodiscard]] boost::asio::awaitable<answer<bool>> is_person_of(operation_context&, person_id,
                                                                member_slug);

}  // namespace kommpass::idp::admin
