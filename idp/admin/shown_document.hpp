#pragma once

#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_digest.hpp"
#include "policies/registry.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::store {
struct campaign_item;
}

// What is approved, agreed to, refused or confirmed is what was shown. Whatever a page or an answer
// of the API shows for somebody to decide on carries the digest of that version; the decision gives
// it back, and counts for no other version. One mechanism for every kind of decision:
//
//     version_of(registry, document) --> page (hidden field), answer ("digest")
//                                              |
//     decision { name, shown } in a registry_change --> judge_shown --> 412 with what it is now
//
// Pure. A decision on a document of the registry only names it (`decision`): the change itself
// compares, in the revision that it is built on, after the rights were judged. Whoever decides on
// something that lies elsewhere (a set-up, an item of a review) calls `judge_shown` with what the
// store has, in the unit of work that decides.
namespace kommpass::idp::admin {

// A document as it is now.
struct document_version {
    // As faces show it: without secrets and without what names the service's machine. "means" tells
    // what it refers to: its roles with all that they include, the constraint of an exception, the
    // rules of a review's item.
    boost::json::object document;
    // 43 characters, base64url of SHA-256: of all that the document says, with what is not shown (a
    // sealed password), and of what it means. Stable between processes; whatever changes it makes
    // a decision under way be asked for again.
    std::string digest;
};

[[nodiscard]] document_version version_of(const policies::registry&, const policies::mapping&);
[[nodiscard]] document_version version_of(const policies::registry&, const policies::grant&);
[[nodiscard]] document_version version_of(const policies::registry&,
                                          const policies::constraint_exception&);
[[nodiscard]] document_version version_of(const application_key&, const policies::client&);
// A member with its directory, in force or drafted.
[[nodiscard]] document_version version_of(const policies::member&);
[[nodiscard]] document_version version_of(const policies::registry&, const store::campaign_item&);

// The one that a decision names: "mappings/...", "grants/...", "exceptions/...", "members/...",
// "applications/<key>/clients/<id>". Nothing if there is none.
[[nodiscard]] std::optional<document_version> find_version(const policies::registry&,
                                                           std::string_view name);

// The document with its digest as "digest".
[[nodiscard]] boost::json::object to_json(document_version);
// A document as a client of the API sends it back: without what `to_json` added.
[[nodiscard]] boost::json::object without_version(boost::json::object);

// Why a decision on what was shown does not count for what is now: `digest_missing` (422), or
// `changed_since_shown` (412) with the present version in the refusal. Nothing: it counts. The
// caller has judged that the actor may see the document.
[[nodiscard]] std::optional<refusal> judge_shown(const document_version& now,
                                                 const shown_digest& shown);

// A decision of somebody's on a document of the registry.
struct decision {
    std::string document;  // as `find_version` takes it
    shown_digest shown;
    // An end of it. Who takes back their own request, or ends what is in force, need not give a
    // digest; one that is given has to fit all the same.
    bool ends = false;
};
[[nodiscard]] std::optional<refusal> judge_decision(const policies::registry& now,
                                                    const std::string& actor, const decision&);

}  // namespace kommpass::idp::admin
