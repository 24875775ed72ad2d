#include "directory/password_policy.hpp"

#include "directory/active_directory_code.hpp"
#include "directory/ldap_answer.hpp"
#include "directory/ldap_connection.hpp"

#include <charconv>

namespace kommpass::directory {
namespace {

constexpr auto netscape_expired = "2.16.840.1.113730.3.4.4";
constexpr auto netscape_expiring = "2.16.840.1.113730.3.4.5";

password_policy_error error_of(LDAPPasswordPolicyError error) {
    switch (error) {
        case PP_passwordExpired:
            return password_policy_error::expired;
        case PP_accountLocked:
            return password_policy_error::locked;
        case PP_changeAfterReset:
            return password_policy_error::change_after_reset;
        case PP_passwordModNotAllowed:
            return password_policy_error::not_allowed;
        case PP_mustSupplyOldPassword:
            return password_policy_error::must_supply_old;
        case PP_insufficientPasswordQuality:
            return password_policy_error::quality;
        case PP_passwordTooShort:
            return password_policy_error::too_short;
        case PP_passwordTooYoung:
            return password_policy_error::too_young;
        case PP_passwordInHistory:
            return password_policy_error::in_history;
        default:
            return password_policy_error::none;
    }
}

void read_behera(LDAP* handle, LDAPControl* control, password_policy_response& policy) {
    ber_int_t expires = -1;
    ber_int_t grace = -1;
    LDAPPasswordPolicyError error = PP_noError;
    if (ldap_parse_passwordpolicy_control(handle, control, &expires, &grace, &error) !=
        LDAP_SUCCESS) {
        return;
    }
    policy.error = error_of(error);
    if (expires >= 0) policy.expires_in = std::chrono::seconds(expires);
    if (grace >= 0) policy.grace_left = grace;
}

void read_netscape(LDAPControl** received, int code, password_policy_response& policy) {
    if (ldap_control_find(netscape_expired, received, nullptr) != nullptr) {
        policy.error = code == LDAP_SUCCESS ? password_policy_error::change_after_reset
                                            : password_policy_error::expired;
    }
    auto* expiring = ldap_control_find(netscape_expiring, received, nullptr);
    if (expiring == nullptr || expiring->ldctl_value.bv_val == nullptr) return;
    long long seconds = 0;
    const char* begin = expiring->ldctl_value.bv_val;
    std::from_chars(begin, begin + expiring->ldctl_value.bv_len, seconds);
    if (seconds > 0) policy.expires_in = std::chrono::seconds(seconds);
}

sign_in_failure proven(sign_in_error error, std::string detail, bool may_change = false) {
    return {error, std::move(detail), true, may_change, {}};
}

sign_in_failure unproven(sign_in_error error, std::string detail) {
    return {error, std::move(detail), false, false, {}};
}

// [MS-ADTS] 5.1.1.5. 775 comes for a wrong password, too; the others only after a right one.
sign_in_failure judge_active_directory(const ldap_answer& answer) {
    const auto detail = words_of(answer);
    switch (active_directory_code(answer.diagnostic).value_or(0)) {
        case 0x530:
        case 0x531:
            return proven(sign_in_error::outside_hours, detail);
        case 0x532:
            return proven(sign_in_error::password_expired, detail, true);
        case 0x533:
            return proven(sign_in_error::account_disabled, detail);
        case 0x701:
            return proven(sign_in_error::account_expired, detail);
        case 0x773:
            return proven(sign_in_error::password_must_change, detail, true);
        case 0x775:
            return unproven(sign_in_error::account_locked, detail);
        default:
            return unproven(sign_in_error::wrong_credentials, detail);
    }
}

// The password was right: what else is there to say.
std::optional<sign_in_failure> judge_success(const ldap_answer& answer) {
    if (answer.policy.error == password_policy_error::change_after_reset)
        return proven(sign_in_error::password_must_change, "the password was reset", true);
    if (!answer.policy.grace_left) return std::nullopt;
    auto grace = proven(sign_in_error::password_expired, "a grace sign-in", true);
    grace.grace = grace_of(answer);
    return grace;
}

password_change_error change_error_of(password_policy_error error) {
    switch (error) {
        case password_policy_error::too_short:
            return password_change_error::too_short;
        case password_policy_error::in_history:
            return password_change_error::in_history;
        case password_policy_error::too_young:
            return password_change_error::too_young;
        case password_policy_error::quality:
            return password_change_error::quality;
        case password_policy_error::expired:
            return password_change_error::used_up;
        default:
            return password_change_error::not_allowed;
    }
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
        if (text.find(word) != std::string_view::npos) return true;
    }
    return false;
}

// Servers without the control, and Active Directory, tell the reason in words only.
password_change_error error_in_words(std::string_view words) {
    if (contains_any(words, {"history", "already used"})) return password_change_error::in_history;
    if (contains_any(words, {"too young", "within password minimum age"}))
        return password_change_error::too_young;
    if (contains_any(words, {"too short", "password length", "least"}))
        return password_change_error::too_short;
    return password_change_error::quality;
}

}  // namespace

std::optional<grace_sign_in> grace_of(const ldap_answer& answer) {
    if (!answer.policy.grace_left) return std::nullopt;
    return grace_sign_in{*answer.policy.grace_left, answer.kept};
}

password_policy_response policy_in(LDAP* handle, LDAPControl** received, int result_code) {
    password_policy_response policy;
    if (received == nullptr) return policy;
    auto* behera = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, received, nullptr);
    if (behera != nullptr) read_behera(handle, behera, policy);
    const bool said = policy.error != password_policy_error::none || policy.grace_left.has_value();
    if (!said) read_netscape(received, result_code, policy);
    return policy;
}

std::optional<sign_in_failure> judge_bind(directory_vendor vendor, const ldap_answer& answer) {
    if (answer.code == LDAP_SUCCESS) return judge_success(answer);
    const auto detail = words_of(answer);
    if (answer.policy.error == password_policy_error::expired)
        return proven(sign_in_error::password_expired, detail);
    if (answer.policy.error == password_policy_error::locked)
        return unproven(sign_in_error::account_locked, detail);
    switch (answer.code) {
        case LDAP_INVALID_CREDENTIALS:
            return vendor == directory_vendor::active_directory
                       ? judge_active_directory(answer)
                       : unproven(sign_in_error::wrong_credentials, detail);
        case LDAP_CONSTRAINT_VIOLATION:  // 389 DS: too many wrong passwords
            return unproven(sign_in_error::account_locked, detail);
        case LDAP_UNWILLING_TO_PERFORM:  // 389 DS: an inactive account, whatever the password
            return unproven(sign_in_error::account_disabled, detail);
        case LDAP_INAPPROPRIATE_AUTH:
        case LDAP_NO_SUCH_OBJECT:
        case LDAP_INVALID_DN_SYNTAX:
            return unproven(sign_in_error::wrong_credentials, detail);
        default:
            return unproven(sign_in_error::directory_unavailable, detail);
    }
}

std::optional<password_change_failure> judge_change(directory_vendor vendor,
                                                    const ldap_answer& answer) {
    using enum password_change_error;
    if (answer.code == LDAP_SUCCESS) return std::nullopt;
    const auto failed = [&](password_change_error error) {
        return password_change_failure{
            error, words_of(answer), answer.diagnostic, {}, grace_of(answer)};
    };
    // A lock is told to nobody who has not proven the old password.
    const bool locked = answer.policy.error == password_policy_error::locked;
    if (locked && answer.code == LDAP_INVALID_CREDENTIALS) return failed(wrong_credentials);
    if (answer.policy.error != password_policy_error::none)
        return failed(change_error_of(answer.policy.error));
    const std::string_view words = answer.diagnostic;
    // ERROR_INVALID_PASSWORD: the old one ([MS-ERREF] 2.2).
    const bool wrong_old =
        vendor == directory_vendor::active_directory && words.starts_with("00000056");
    switch (answer.code) {
        case LDAP_INVALID_CREDENTIALS:
            return failed(wrong_credentials);
        case LDAP_CONSTRAINT_VIOLATION:
            return failed(wrong_old ? wrong_credentials : error_in_words(words));
        case LDAP_UNWILLING_TO_PERFORM:
            return failed(vendor == directory_vendor::openldap ? wrong_credentials : not_supported);
        case LDAP_INSUFFICIENT_ACCESS:
            return failed(not_allowed);
        case LDAP_PROTOCOL_ERROR:
        case LDAP_CONFIDENTIALITY_REQUIRED:
        case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
            return failed(not_supported);
        default:
            return failed(directory_unavailable);
    }
}

}  // namespace kommpass::directory
