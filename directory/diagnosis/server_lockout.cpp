#include "directory/diagnosis/server_lockout.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/lockout_guard.hpp"

#include <ldap.h>

#include <algorithm>
#include <charconv>

namespace kommpass::directory::diagnosis {
namespace {

using std::chrono::seconds;

std::optional<long long> number_of(const ldap_entry& entry, std::string_view attribute) {
    const auto text = entry.only(attribute);
    long long value = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
    return value;
}

std::size_t threshold_of(std::optional<long long> number) {
    return number && *number > 0 ? static_cast<std::size_t>(*number) : 0;
}

std::optional<seconds> seconds_of(std::optional<long long> number) {
    if (!number || *number <= 0) return std::nullopt;
    return seconds(*number);
}

bool is_on(const ldap_entry& entry, std::string_view attribute) {
    const auto word = lower_case(entry.only(attribute));
    return word == "true" || word == "on";
}

// Negative, in 100 ns ([MS-ADTS] 3.1.1.3.2).
std::optional<seconds> interval_of(std::optional<long long> ticks) {
    if (!ticks || *ticks >= 0) return std::nullopt;
    return seconds_of(-(*ticks / 10'000'000));
}

std::string in_minutes(seconds time) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(time).count();
    return std::to_string(minutes) + " min";
}

}  // namespace

std::vector<lockout_place> lockout_places(directory_vendor vendor,
                                          const std::vector<std::string>& contexts,
                                          const std::string& default_context) {
    std::vector<lockout_place> places;
    if (vendor == directory_vendor::active_directory) {
        if (default_context.empty()) return places;
        places.push_back({default_context, LDAP_SCOPE_BASE, "(objectClass=*)"});
        places.push_back({"CN=Password Settings Container,CN=System," + default_context,
                          LDAP_SCOPE_ONELEVEL, "(objectClass=msDS-PasswordSettings)"});
        return places;
    }
    const bool is_389 = vendor == directory_vendor::ds389;
    if (is_389) places.push_back({"cn=config", LDAP_SCOPE_BASE, "(objectClass=*)"});
    for (const auto& one : contexts) {
        places.push_back({one, LDAP_SCOPE_SUBTREE,
                          is_389 ? "(&(objectClass=ldapsubentry)(objectClass=passwordPolicy))"
                                 : "(objectClass=pwdPolicy)"});
    }
    return places;
}

std::vector<std::string> lockout_attributes(directory_vendor vendor) {
    switch (vendor) {
        case directory_vendor::active_directory:
            return {"lockoutThreshold", "lockOutObservationWindow", "msDS-LockoutThreshold",
                    "msDS-LockoutObservationWindow"};
        case directory_vendor::ds389:
            return {"passwordLockout", "passwordMaxFailure", "passwordResetFailureCount"};
        case directory_vendor::openldap:
            break;
    }
    return {"pwdLockout", "pwdMaxFailure", "pwdFailureCountInterval"};
}

std::optional<server_lockout> lockout_in(const ldap_entry& entry, directory_vendor vendor) {
    if (vendor == directory_vendor::active_directory) {
        for (const auto& [threshold, window] :
             {std::pair{"lockoutThreshold", "lockOutObservationWindow"},
              std::pair{"msDS-LockoutThreshold", "msDS-LockoutObservationWindow"}}) {
            if (const auto number = number_of(entry, threshold))
                return server_lockout{threshold_of(number), interval_of(number_of(entry, window))};
        }
        return std::nullopt;
    }
    if (vendor == directory_vendor::ds389) {
        const auto number = number_of(entry, "passwordMaxFailure");
        if (!number && entry.all("passwordLockout").empty()) return std::nullopt;
        if (!is_on(entry, "passwordLockout")) return server_lockout{};
        constexpr long long as_delivered = 3;
        constexpr long long reset_as_delivered = 600;
        return server_lockout{
            threshold_of(number.value_or(as_delivered)),
            seconds_of(number_of(entry, "passwordResetFailureCount").value_or(reset_as_delivered))};
    }
    if (!is_on(entry, "pwdLockout")) return server_lockout{};
    return server_lockout{threshold_of(number_of(entry, "pwdMaxFailure")),
                          seconds_of(number_of(entry, "pwdFailureCountInterval"))};
}

server_lockout strictest(const std::vector<server_lockout>& all) {
    server_lockout found;
    bool forgets = true;
    for (const auto& one : all) {
        if (one.threshold == 0) continue;
        if (found.threshold == 0 || one.threshold < found.threshold)
            found.threshold = one.threshold;
        if (!one.window) forgets = false;
        found.window = std::max(found.window.value_or(seconds(0)), one.window.value_or(seconds(0)));
    }
    if (!forgets) found.window.reset();
    return found;
}

void judge_lockout(const std::vector<server_lockout>& told, const directory_settings& settings,
                   report& said) {
    const auto ours = settings.lockout_threshold;
    if (told.empty()) return said.add("lockout.untold", {});
    const auto theirs = strictest(told);
    if (theirs.threshold == 0) return said.add("lockout.none", {});
    const auto number = std::to_string(theirs.threshold);
    if (ours == 0 || ours > theirs.threshold) return said.add("lockout.unguarded", {}, number);
    said.add("lockout.counted", {}, number);
    if (shares_of(ours).anybodys == shares_of(ours).ours) said.add("lockout.low", {}, number);
    if (!theirs.window)
        said.add("lockout.never_forgets", {}, in_minutes(settings.lockout_window));
    else if (*theirs.window > settings.lockout_window)
        said.add("lockout.longer_window", {}, in_minutes(*theirs.window));
}

}  // namespace kommpass::directory::diagnosis
