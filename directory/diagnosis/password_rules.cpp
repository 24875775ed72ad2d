#include "directory/diagnosis/password_rules.hpp"

#include "config/vocabulary/name_folding.hpp"

#include <charconv>
#include <span>
#include <string_view>

namespace kommpass::directory::diagnosis {
namespace {

enum class unit { number, seconds, ticks };  // ticks: negative, of 100 ns ([MS-ADTS] 3.1.1.3.2)
struct rule {
    std::string_view attribute;
    unit counted_in;
    std::string_view only_if;  // this one is on; empty: always
};

constexpr rule of_openldap[] = {{"pwdMinLength", unit::number, ""},
                                {"pwdMaxAge", unit::seconds, ""},
                                {"pwdMinAge", unit::seconds, ""},
                                {"pwdInHistory", unit::number, ""},
                                {"pwdGraceAuthNLimit", unit::number, ""}};
constexpr rule of_active_directory[] = {{"minPwdLength", unit::number, ""},
                                        {"maxPwdAge", unit::ticks, ""},
                                        {"minPwdAge", unit::ticks, ""},
                                        {"pwdHistoryLength", unit::number, ""},
                                        {"msDS-MinimumPasswordLength", unit::number, ""},
                                        {"msDS-MaximumPasswordAge", unit::ticks, ""},
                                        {"msDS-MinimumPasswordAge", unit::ticks, ""},
                                        {"msDS-PasswordHistoryLength", unit::number, ""}};
constexpr rule of_ds389[] = {{"passwordMinLength", unit::number, "passwordCheckSyntax"},
                             {"passwordMaxAge", unit::seconds, "passwordExp"},
                             {"passwordMinAge", unit::seconds, ""},
                             {"passwordInHistory", unit::number, "passwordHistory"},
                             {"passwordGraceLimit", unit::number, ""}};

std::span<const rule> rules_of(directory_vendor vendor) {
    if (vendor == directory_vendor::active_directory) return of_active_directory;
    if (vendor == directory_vendor::ds389) return of_ds389;
    return of_openldap;
}

bool is_on(const ldap_entry& entry, std::string_view attribute) {
    const auto word = lower_case(entry.only(attribute));
    return word == "on" || word == "true";
}

std::string told(const ldap_entry& entry, const rule& one) {
    const auto text = entry.only(one.attribute);
    long long value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc() || stopped != end) return {};
    constexpr long long never = -0x7fffffffffffffffLL - 1;
    if (one.counted_in == unit::ticks) value = value == never ? 0 : -(value / 10'000'000);
    if (value <= 0) return {};
    if (one.counted_in == unit::number) return std::to_string(value);
    constexpr long long day = 24LL * 3600;
    return value % day == 0 ? std::to_string(value / day) + " d" : std::to_string(value) + " s";
}

}  // namespace

std::vector<std::string> password_rule_attributes(directory_vendor vendor) {
    std::vector<std::string> all;
    for (const auto& one : rules_of(vendor)) {
        all.emplace_back(one.attribute);
        if (!one.only_if.empty()) all.emplace_back(one.only_if);
    }
    return all;
}

std::string password_rules_in(const ldap_entry& entry, directory_vendor vendor) {
    std::string all;
    for (const auto& one : rules_of(vendor)) {
        if (!one.only_if.empty() && !is_on(entry, one.only_if)) continue;
        const auto value = told(entry, one);
        if (value.empty()) continue;
        all += (all.empty() ? "" : ", ") + std::string(one.attribute) + " " + value;
    }
    return all;
}

}  // namespace kommpass::directory::diagnosis
