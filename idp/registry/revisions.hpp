#pragma once

#include "idp/store/revisions.hpp"
#include "policies/documents.hpp"
#include "policies/registry_files.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kommpass::idp::store {
class store;
}

// The registry as numbered revisions in the store: what `registry` commands and a running server
// both use.
namespace kommpass::idp::registry {

struct current_registry {
    policies::registry documents;
    long long revision = 0;  // 0: the store has none yet
    policies::authorships authors;
};

// The newest revision. The error is a sentence.
[[nodiscard]] result<current_registry, std::string> load_current(store::store&);
// A given revision; nothing if there is none of that number.
[[nodiscard]] result<std::optional<policies::registry>, std::string> load_revision(
    store::store&, long long number);

// As the store keeps beside a revision what it changed.
[[nodiscard]] std::vector<store::revision_document> noted(
    const std::vector<policies::document_change>&);
[[nodiscard]] policies::authorships authorships_of(const std::vector<store::document_author>&);

struct revision_request {
    policies::registry documents;
    long long expected_latest = 0;  // refused if somebody else was quicker
    std::string who;
    std::string why;
    instant at{};
};
// Stores a new revision together with its audit record, atomically; gives its number. The caller
// has compiled it, and has checked that the one who asks may.
[[nodiscard]] result<long long, std::string> append_revision(store::store&,
                                                             const revision_request&);

}  // namespace kommpass::idp::registry
