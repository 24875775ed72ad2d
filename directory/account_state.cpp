#include "directory/account_state.hpp"

#include "config/vocabulary/name_folding.hpp"

#include <algorithm>
#include <charconv>

namespace kommpass::directory {
namespace {

constexpr auto locked_for_good = "000001010000Z";  // draft-behera-ldap-password-policy, 5.3.3
constexpr long long account_disable = 0x2;         // [MS-ADTS] 2.2.16

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number value = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return value;
}

bool has_passed(std::optional<instant> at, instant now) { return at && *at <= now; }

// What shuts an account shuts it by any of its values.
template <class Shuts>
bool any(const ldap_entry& entry, std::string_view attribute, Shuts shuts) {
    const auto& values = entry.all(attribute);
    return std::any_of(values.begin(), values.end(), shuts);
}

account_state of_openldap(const ldap_entry& entry, instant now) {
    account_state state;
    const auto for_good = [](const std::string& value) { return value == locked_for_good; };
    const auto is_over = [&](const std::string& value) {
        return has_passed(parse_generalized_time(value), now);
    };
    if (any(entry, "pwdaccountlockedtime", for_good))
        state.standing = account_standing::disabled;
    else if (any(entry, "pwdendtime", is_over))
        state.standing = account_standing::expired;
    return state;
}

account_state of_active_directory(const ldap_entry& entry, instant now) {
    account_state state;
    const auto control = number_in<long long>(entry.only("useraccountcontrol")).value_or(0);
    if ((control & account_disable) != 0)
        state.standing = account_standing::disabled;
    else if (has_passed(parse_file_time(entry.only("accountexpires")), now))
        state.standing = account_standing::expired;
    state.password_expires_at = parse_file_time(entry.only("msds-userpasswordexpirytimecomputed"));
    return state;
}

account_state of_ds389(const ldap_entry& entry) {
    account_state state;
    if (any(entry, "nsaccountlock", [](const auto& value) { return lower_case(value) == "true"; }))
        state.standing = account_standing::disabled;
    const auto expires = parse_generalized_time(entry.only("passwordexpirationtime"));
    // 389 DS writes the beginning of 1970 where the password has to be changed at once.
    if (expires && expires->time_since_epoch() > std::chrono::hours(24))
        state.password_expires_at = expires;
    return state;
}

}  // namespace

account_state state_of(const ldap_entry& entry, directory_vendor vendor, instant now) {
    switch (vendor) {
        case directory_vendor::active_directory:
            return of_active_directory(entry, now);
        case directory_vendor::ds389:
            return of_ds389(entry);
        case directory_vendor::openldap:
            break;
    }
    return of_openldap(entry, now);
}

std::size_t wrong_passwords_counted(const ldap_entry& entry, directory_vendor vendor, instant now,
                                    std::chrono::seconds window) {
    const auto is_counted = [&](std::optional<instant> at) { return at && now - *at < window; };
    switch (vendor) {
        case directory_vendor::active_directory:
            return is_counted(parse_file_time(entry.only("badpasswordtime")))
                       ? number_in<std::size_t>(entry.only("badpwdcount")).value_or(0)
                       : 0;
        case directory_vendor::ds389: {
            const auto until = parse_generalized_time(entry.only("retrycountresettime"));
            return until && *until > now
                       ? number_in<std::size_t>(entry.only("passwordretrycount")).value_or(0)
                       : 0;
        }
        case directory_vendor::openldap:
            break;
    }
    const auto& times = entry.all("pwdfailuretime");
    return static_cast<std::size_t>(std::count_if(
        times.begin(), times.end(),
        [&](const std::string& time) { return is_counted(parse_generalized_time(time)); }));
}

std::optional<instant> parse_generalized_time(std::string_view text) {
    if (text.size() < 15 || text.back() != 'Z') return std::nullopt;
    const auto part = [&](std::size_t at, std::size_t size) {
        return number_in<unsigned>(text.substr(at, size));
    };
    const auto year = part(0, 4);
    const auto month = part(4, 2);
    const auto day = part(6, 2);
    const auto hour = part(8, 2);
    const auto minute = part(10, 2);
    const auto second = part(12, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    // A fraction may follow the seconds.
    if (text.size() > 15 && text[14] != '.' && text[14] != ',') return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return instant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
           std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

std::optional<instant> parse_file_time(std::string_view text) {
    constexpr long long never = 0x7fff'ffff'ffff'ffff;
    constexpr long long from_1601_to_1970_ms = 11'644'473'600'000;
    const auto ticks = number_in<long long>(text);
    if (!ticks || *ticks <= 0 || *ticks == never) return std::nullopt;
    return instant(std::chrono::milliseconds(*ticks / 10'000 - from_1601_to_1970_ms));
}

}  // namespace kommpass::directory
