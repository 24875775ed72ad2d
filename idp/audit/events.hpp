#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kommpass::idp::audit {

// Every kind of event that the audit log knows. The names are stable: exports and searches rely on
// them.
enum class event {
    sign_in_success,
    sign_in_failure,
    sign_in_throttled,
    password_changed,
    session_ended,
    session_ended_all,
    authorization_granted,
    authorization_refused,
    consent_given,
    consent_refused,
    token_issued,
    token_refused,
    token_revoked,
    code_replayed,
    refresh_token_rotated,
    refresh_token_reuse_detected,
    registry_applied,
    key_rotated,
    persons_retied,
    person_erased,
    content_removed,
    audit_viewed,
    audit_exported,
    access_refused,
    grant_requested,
    grant_approved,
    grant_refused,
    grant_ended,
    campaign_started,
    campaign_answered,
    campaign_closed,
    break_glass_issued,
    break_glass_used,
    conflict_found,
    invitation_issued,
    invitation_used,
    client_secret_changed,
    outbox_revived,
    outbox_discarded,
    directory_change_requested,
    directory_change_approved,
    directory_change_refused,
};

[[nodiscard]] std::string_view name_of(event) noexcept;  // "sign_in.success"

// A JSON object of short texts for `audit_record::detail_json`; each value is cut at 300 bytes.
[[nodiscard]] std::string detail(
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
// One text of such an object; empty if it has none of that name, or is no JSON.
[[nodiscard]] std::string detail_text(std::string_view detail_json, std::string_view name);

}  // namespace kommpass::idp::audit
