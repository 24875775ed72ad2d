#pragma once

#include "policies/registry.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The registry as single documents: what changed, and whose it is.
namespace kommpass::policies {

enum class document_kind {
    member,
    application,
    subscription,
    mapping,
    grant,
    withdrawal,
    constraint,
    exception,
};

struct document_change {
    document_kind kind;
    std::string key;  // of a subscription: "lebus/dms"
    bool existed;
    bool exists;
    // Whose document it is; nothing: the association's.
    std::optional<member_slug> member;

    // "mappings/lebus-meldeamt": as authorship, history and messages name it.
    [[nodiscard]] std::string name() const;
};

// Bookings stand sorted by member and application.
void sort_bookings(std::vector<subscription>&);

// Every document that `after` has otherwise than `before`, by kind and key.
[[nodiscard]] std::vector<document_change> changed_documents(const registry& before,
                                                             const registry& after);

[[nodiscard]] std::string_view folder_of(document_kind) noexcept;  // "mappings"

}  // namespace kommpass::policies
