#include "idp/audit/events.hpp"

#include "idp/store/codes.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::audit {
namespace {

constexpr std::size_t longest_value = 300;

}  // namespace

std::string_view name_of(event kind) noexcept {
    switch (kind) {
        case event::sign_in_success:
            return "sign_in.success";
        case event::sign_in_failure:
            return "sign_in.failure";
        case event::sign_in_throttled:
            return "sign_in.throttled";
        case event::password_changed:
            return "password.changed";
        case event::session_ended:
            return "session.ended";
        case event::session_ended_all:
            return "session.ended_all";
        case event::authorization_granted:
            return "authorization.granted";
        case event::authorization_refused:
            return "authorization.refused";
        case event::consent_given:
            return "consent.given";
        case event::consent_refused:
            return "consent.refused";
        case event::token_issued:
            return "token.issued";
        case event::token_refused:
            return "token.refused";
        case event::token_revoked:
            return "token.revoked";
        case event::code_replayed:
            return "code.replayed";
        case event::refresh_token_rotated:
            return "refresh_token.rotated";
        case event::refresh_token_reuse_detected:
            return "refresh_token.reuse_detected";
        case event::registry_applied:
            return "registry.applied";
        case event::key_rotated:
            return "key.rotated";
        case event::persons_retied:
            return "persons.retied";
        case event::person_erased:
            return "person.erased";
        case event::content_removed:
            return "audit.content_removed";
        case event::audit_viewed:
            return "audit.viewed";
        case event::audit_exported:
            return "audit.exported";
        case event::access_refused:
            return "access.refused";
        case event::grant_requested:
            return "grant.requested";
        case event::grant_approved:
            return "grant.approved";
        case event::grant_refused:
            return "grant.refused";
        case event::grant_ended:
            return "grant.ended";
        case event::campaign_started:
            return "campaign.started";
        case event::campaign_answered:
            return "campaign.answered";
        case event::campaign_closed:
            return "campaign.closed";
        case event::break_glass_issued:
            return "break_glass.issued";
        case event::break_glass_used:
            return "break_glass.used";
        case event::conflict_found:
            return "registry.conflict_found";
        case event::invitation_issued:
            return "invitation.issued";
        case event::invitation_used:
            return "invitation.used";
        case event::client_secret_changed:
            return "client.secret_changed";
        case event::outbox_revived:
            return "outbox.revived";
        case event::outbox_discarded:
            return "outbox.discarded";
        case event::directory_change_requested:
            return "directory.change_requested";
        case event::directory_change_approved:
            return "directory.change_approved";
        case event::directory_change_refused:
            return "directory.change_refused";
    }
    return "unknown";
}

std::string detail(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    boost::json::object object;
    for (const auto& [name, value] : fields) object[name] = value.substr(0, longest_value);
    return boost::json::serialize(object);
}

std::string detail_text(std::string_view detail_json, std::string_view name) {
    boost::system::error_code no_json;
    const auto parsed = boost::json::parse(detail_json, no_json);
    const auto* object = no_json ? nullptr : parsed.if_object();
    const auto* found = object == nullptr ? nullptr : object->if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

}  // namespace kommpass::idp::audit
