#include "directory/ldap_answer.hpp"

#include "config/vocabulary/name_folding.hpp"

#include <algorithm>

namespace kommpass::directory {
namespace {

struct free_controls {
    void operator()(LDAPControl** controls) const noexcept { ldap_controls_free(controls); }
};
struct free_text {
    void operator()(char* text) const noexcept { ldap_memfree(text); }
};
struct free_values {
    void operator()(berval** values) const noexcept { ldap_value_free_len(values); }
};
struct free_value {
    void operator()(berval* value) const noexcept { ber_bvfree(value); }
};
struct free_ber {
    void operator()(BerElement* ber) const noexcept { ber_free(ber, 0); }
};
using owned_controls = std::unique_ptr<LDAPControl*, free_controls>;
struct free_texts {
    void operator()(char** texts) const noexcept { ber_memvfree(reinterpret_cast<void**>(texts)); }
};
using owned_texts = std::unique_ptr<char*, free_texts>;
using owned_text = std::unique_ptr<char, free_text>;

constexpr std::size_t longest_diagnostic = 300;

std::string cookie_of(LDAP* handle, LDAPControl** received) {
    auto* control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, received, nullptr);
    ber_int_t estimate = 0;
    berval cookie{0, nullptr};
    if (control == nullptr ||
        ldap_parse_pageresponse_control(handle, control, &estimate, &cookie) != LDAP_SUCCESS)
        return {};
    std::string text(cookie.bv_val, cookie.bv_len);
    ldap_memfree(cookie.bv_val);
    return text;
}

std::map<std::string, std::string> by_oid(LDAPControl** controls) {
    std::map<std::string, std::string> all;
    for (auto** one = controls; one != nullptr && *one != nullptr; ++one) {
        const auto& value = (*one)->ldctl_value;
        all.emplace((*one)->ldctl_oid, value.bv_val == nullptr
                                           ? std::string()
                                           : std::string(value.bv_val, value.bv_len));
    }
    return all;
}

// Hands each attribute with its values to `take`.
template <class Take>
void for_each_attribute(LDAP* handle, LDAPMessage* message, Take take) {
    BerElement* cursor = nullptr;
    owned_text name(ldap_first_attribute(handle, message, &cursor));
    const std::unique_ptr<BerElement, free_ber> owned_cursor(cursor);
    while (name) {
        const std::unique_ptr<berval*, free_values> values(
            ldap_get_values_len(handle, message, name.get()));
        take(lower_case(name.get()), values.get());
        name.reset(ldap_next_attribute(handle, message, cursor));
    }
}

}  // namespace

void answer_bounds::add_entry(LDAP* handle, LDAPMessage* message, ldap_answer& answer) {
    if (answer.entries.size() >= most_entries || bytes_ >= most_bytes) {
        answer.cut_off = true;
        return;
    }
    ldap_entry entry;
    const owned_text dn(ldap_get_dn(handle, message));
    if (dn) entry.dn = dn.get();
    bytes_ += entry.dn.size();
    for_each_attribute(handle, message, [&](const std::string& name, berval** values) {
        auto& kept = entry.attributes[name];
        for (auto** value = values; value != nullptr && *value != nullptr; ++value) {
            bytes_ += (*value)->bv_len;
            if ((*value)->bv_len > largest_value || bytes_ > most_bytes)
                entry.cut_off = true;
            else
                kept.emplace_back((*value)->bv_val, (*value)->bv_len);
        }
    });
    answer.entries.push_back(std::move(entry));
}

void read_result(LDAP* handle, LDAPMessage* message, ldap_answer& answer) {
    char* diagnostic = nullptr;
    char** referrals = nullptr;
    LDAPControl** received = nullptr;
    if (ldap_parse_result(handle, message, &answer.code, nullptr, &diagnostic, &referrals,
                          &received, 0) != LDAP_SUCCESS) {
        answer.code = LDAP_PROTOCOL_ERROR;
        return;
    }
    const owned_text text(diagnostic);
    const owned_texts urls(referrals);
    for (auto** url = referrals; url != nullptr && *url != nullptr; ++url)
        answer.referral += (answer.referral.empty() ? "" : " ") + std::string(*url);
    answer.referral.resize(std::min(answer.referral.size(), longest_diagnostic));
    const owned_controls controls(received);
    if (diagnostic != nullptr)
        answer.diagnostic = std::string(diagnostic).substr(0, longest_diagnostic);
    answer.policy = policy_in(handle, received, answer.code);
    answer.page_cookie = cookie_of(handle, received);
}

std::string words_of(const ldap_answer& answer) {
    std::string words = ldap_err2string(answer.code);
    if (!answer.diagnostic.empty()) words += ": " + answer.diagnostic;
    if (!answer.referral.empty()) words += ": " + answer.referral;
    return words;
}

bool is_limit(int code) noexcept {
    return code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED ||
           code == LDAP_TIMELIMIT_EXCEEDED;
}

feed_message read_feed_message(LDAP* handle, LDAPMessage* message) {
    feed_message read;
    LDAPControl** received = nullptr;
    if (ldap_msgtype(message) == LDAP_RES_INTERMEDIATE) {
        char* oid = nullptr;
        berval* value = nullptr;
        if (ldap_parse_intermediate(handle, message, &oid, &value, &received, 0) == LDAP_SUCCESS) {
            const owned_text owned_oid(oid);
            const std::unique_ptr<berval, free_value> owned_value(value);
            if (oid != nullptr) read.intermediate_oid = oid;
            if (value != nullptr) read.intermediate_value.assign(value->bv_val, value->bv_len);
        }
    } else {
        ldap_answer answer;
        answer_bounds().add_entry(handle, message, answer);
        read.entry = std::move(answer.entries.front());
        ldap_get_entry_controls(handle, message, &received);
    }
    const owned_controls controls(received);
    read.controls = by_oid(received);
    return read;
}

}  // namespace kommpass::directory
