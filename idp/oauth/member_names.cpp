#include "idp/oauth/member_names.hpp"

#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/prepared_string.hpp"
#include "config/vocabulary/shortened_text.hpp"
#include "config/vocabulary/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace kommpass::idp::oauth {
namespace {

constexpr std::size_t longest_local_part = 64;  // RFC 5321, 4.5.3.1.1
constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_text = 256;
constexpr std::string_view between_letters = "._-+'&";

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// U+00C0 to U+024F without the signs of multiplication and division.
bool is_latin_letter(std::string_view sequence) {
    if (sequence.size() != 2) return false;
    const auto code = static_cast<unsigned>((static_cast<std::uint8_t>(sequence[0]) & 0x1fU) << 6 |
                                            (static_cast<std::uint8_t>(sequence[1]) & 0x3fU));
    return code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7;
}

// What stands before the '@': letters, digits and what stands between them.
bool is_plain_name(std::string_view name) {
    if (name.empty() || name.size() > longest_local_part) return false;
    if (name.front() == '.' || name.back() == '.' || name.find("..") != name.npos) return false;
    while (!name.empty()) {
        const auto length = utf8_sequence(name);
        const bool fits = length == 1 ? is_alphanumeric(name.front()) ||
                                            between_letters.find(name.front()) != name.npos
                                      : length == 2 && is_latin_letter(name.substr(0, 2));
        if (!fits) return false;
        name.remove_prefix(length);
    }
    return true;
}

// As it is compared; empty for what is no domain of the mail system.
std::string mail_domain(std::string_view text) {
    const auto may_stand = [](char c) {  // beyond ASCII the mapping judges
        return is_alphanumeric(c) || c == '-' || c == '.' || static_cast<std::uint8_t>(c) >= 0x80;
    };
    if (text.empty() || text.size() > longest_domain || text.back() == '.' ||
        !std::all_of(text.begin(), text.end(), may_stand))
        return {};
    auto domain = comparable_domain(text);
    const bool fits =
        domain.size() <= longest_domain && domain.find('.') != domain.npos &&
        domain.front() != '.' && domain.find("..") == domain.npos &&
        std::all_of(domain.begin(), domain.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        });
    return fits ? domain : std::string();
}

bool is_own(const std::string& domain, const policies::member& of) {
    return !domain.empty() &&
           std::any_of(of.domains.begin(), of.domains.end(),
                       [&](const auto& one) { return comparable_domain(one) == domain; });
}

}  // namespace

std::string unique_name(const identity& who, const policies::member& of) {
    const std::string_view login = who.login_name;
    const auto at = login.find('@');
    const auto name = login.substr(0, at);
    if (who.member != of.slug || !is_plain_name(name)) return {};
    if (at != login.npos) {
        const auto domain = mail_domain(login.substr(at + 1));
        return is_own(domain, of) ? std::string(name) + "@" + domain : std::string();
    }
    const auto domain = of.domains.empty() ? of.slug.str() : comparable_domain(of.domains.front());
    return std::string(name) + "@" + domain;
}

std::optional<released_mail> mail_for(const identity& who, const policies::member& of,
                                      policies::foreign_mail foreign) {
    const std::string_view mail = who.mail;
    const auto at = mail.find('@');
    if (who.member != of.slug || at == mail.npos || !is_plain_name(mail.substr(0, at)))
        return std::nullopt;
    const auto domain = mail_domain(mail.substr(at + 1));
    if (domain.empty()) return std::nullopt;
    auto address = std::string(mail.substr(0, at)) + "@" + domain;
    if (is_own(domain, of)) return released_mail{std::move(address), true};
    if (foreign == policies::foreign_mail::omit) return std::nullopt;
    return released_mail{std::move(address), false};
}

std::string shown_text(std::string_view text) {
    return prepared_keeping_case(shortened(text, longest_text));
}

}  // namespace kommpass::idp::oauth
