#pragma once

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/seen_documents.hpp"
#include "policies/registry.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

// What approving a document means, whatever its kind: it is in force, with who approved and when.
// Whether they may is judged by the change itself, and so is what they were shown.
namespace kommpass::idp::admin {

// Why somebody did something, in words: neither empty nor longer than 500 bytes.
[[nodiscard]] inline std::optional<refusal> wrong_reason(const std::string& reason) {
    if (reason.empty()) return invalid("reason", "reason_missing");
    if (reason.size() > 500) return invalid("reason", "reason_too_long");
    return std::nullopt;
}

template <class Document>
[[nodiscard]] Document* find_in(std::map<std::string, Document>& all, const std::string& id) {
    const auto found = all.find(id);
    return found == all.end() ? nullptr : &found->second;
}

// The edit that approves. `who` outlives it.
template <class Document>
[[nodiscard]] std::function<std::optional<refusal>(policies::registry&)> approval_of(
    const operation_context& at, const actor& who,
    std::map<std::string, Document> policies::registry::*all, std::string id) {
    return [all, id = std::move(id), today = at.today(),
            &who](policies::registry& documents) -> std::optional<refusal> {
        auto* one = find_in(documents.*all, id);
        if (one == nullptr || !may_see(who, *one)) return no_such_thing();
        if (one->state == policies::grant_state::active) return invalid("id", "approved_already");
        one->state = policies::grant_state::active;
        one->approved_by = who.id();
        one->approved_on = today;
        return std::nullopt;
    };
}

}  // namespace kommpass::idp::admin
