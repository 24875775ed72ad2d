#pragma once

#include "config/vocabulary/local_day.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_document.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

// Rules of one member that hold for another: joint offices. The other agrees, and may see for that
// the whole of what it agrees to.
namespace kommpass::idp::admin {

struct operation_context;
class actor;

// `document`: "grants/..." or "mappings/...". The target's administrators agree; they and the
// owner's withdraw. Both say which version they were shown.
[[nodiscard]] boost::asio::awaitable<answer<long long>> agree(operation_context&, const actor&,
                                                              std::string document,
                                                              member_slug target, bool agreed,
                                                              std::string why, shown_digest);

// A rule and one member that it is to hold for besides its owner.
struct asked_agreement {
    std::string document;              // "mappings/gemeinsam"
    std::optional<member_slug> owner;  // whose people it is about; nothing: everybody's
    member_slug target;
    bool given = false;
    bool may_agree = false;  // the actor, for the target
    // The whole rule: group, attribute or person, roles, days, scope, as it is now.
    document_version version;
    std::string asked_by;  // who made it what it is, as in revisions
    std::optional<day> asked_on;
    std::string why;  // what they said for it
};
struct asked_agreements {
    policies::snapshot_ptr registry;
    std::vector<asked_agreement> asked;
};
// Those that the actor may agree to or withdraw; in the order of the documents, open ones first.
[[nodiscard]] answer<asked_agreements> list_agreements(const operation_context&, const actor&);

}  // namespace kommpass::idp::admin
