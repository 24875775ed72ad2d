#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/person.hpp"
#include "policies/documents.hpp"
#include "policies/replacement.hpp"
#include "policies/simulation.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {
class transaction;
}  // namespace kommpass::idp::store

namespace kommpass::idp::admin {

struct operation_context;
class actor;

// One change of the registry. `edit` gets a copy of the newest documents and changes it, or says
// why not.
struct registry_change {
    std::string why;
    std::function<std::optional<refusal>(policies::registry&)> edit;
    std::optional<long long> expected;  // the revision that the actor looked at; else the newest
    // Further records, made durable together with the revision.
    std::vector<store::audit_record> records{};
    // Further work of the same unit of work, before the records; done too where no document
    // changes. May run more than once.
    std::function<void(store::transaction&)> also{};
    // Persons whom the documents name and whom this unit of work makes known: nobody is known for
    // a change that was refused.
    std::vector<store::person> arriving{};
    // An erasure takes away from somebody who is gone: nobody is looked at for incompatible roles.
    bool looks_for_conflicts = true;
    // Roll-backs and folders of files are the association's own acts, and may be needed just when
    // a directory is down: they are refused for the conflicts that are found, and not for those
    // that could not be looked for. Evaluation denies and reports these.
    bool may_leave_unsearched = false;
    // The mapping that waits and is refused by this: what it was before may come back without
    // another approval.
    std::string refused_mapping{};
    // The member whose directory is led elsewhere, as two people agreed: nobody's change does that
    // otherwise.
    member_slug repointed{};
    // What goes for good with this change and is asked for by name; anything else that would go
    // refuses the change (`unnamed_losses`).
    policies::named_losses named{};
    // A folder that is applied, an earlier revision that comes back: withdrawals that it lacks are
    // asked for by name as well. Other operations end them because that is what they are for.
    bool replaces_all = false;
    // For simulations: what needs a second person is judged as if it had been approved.
    bool as_if_approved = false;
    // A document whose right is asked even if the edit leaves it as it is: that it is so already is
    // told only to whom it concerns.
    std::optional<policies::document_change> touches{};
    // That the change decides on a document which somebody was shown: judged after the rights, in
    // the revision that the change is built on.
    std::optional<decision> decides{};
};

struct changed_registry {
    long long revision = 0;
    std::vector<policies::document_change> documents;  // empty: there was nothing to change
    // A directory that did not answer: its persons were not looked at for incompatible roles.
    std::vector<std::string> unsearched{};
};

// Does it: rights for each document, agreements that no longer fit, validity of the whole, new
// incompatible roles of any person, then the revision with its audit records, atomically. The
// process has the new registry when it comes back. Refused whole with every reason else.
[[nodiscard]] boost::asio::awaitable<answer<changed_registry>> change_registry(operation_context&,
                                                                               const actor&,
                                                                               registry_change);

// The same, for whom the number of the revision is enough.
[[nodiscard]] boost::asio::awaitable<answer<long long>> revision_of(operation_context&,
                                                                    const actor&, registry_change);
[[nodiscard]] boost::asio::awaitable<answer<long long>> revision_of(
    operation_context&, const actor&, registry_change, std::string why,
    std::optional<long long> expected);

// `touches` for a document of which it is not known beforehand whether the edit changes it.
[[nodiscard]] policies::document_change touched(policies::document_kind, std::string key,
                                                std::optional<member_slug> of = {});

// The change that takes one document away; there is no such thing where it is not.
template <class Document>
[[nodiscard]] registry_change removal_from(std::map<std::string, Document> policies::registry::*all,
                                           std::string id) {
    registry_change change;
    change.edit = [all, id = std::move(id)](policies::registry& documents) {
        return (documents.*all).erase(id) == 0 ? std::optional(no_such_thing()) : std::nullopt;
    };
    return change;
}

// The draft that a change makes, compiled, without storing anything; for simulations.
struct drafted {
    policies::snapshot_ptr before;
    policies::snapshot_ptr after;
    std::vector<policies::document_change> documents;
};
[[nodiscard]] boost::asio::awaitable<answer<drafted>> draft_registry(operation_context&,
                                                                     const actor&, registry_change);

// The newest revision, compiled: the running one, or what another process has made since.
[[nodiscard]] boost::asio::awaitable<answer<policies::snapshot_ptr>> newest_registry(
    operation_context&);

}  // namespace kommpass::idp::admin
