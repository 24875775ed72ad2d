#include "policies/grammar.hpp"

#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/prepared_string.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kommpass::policies::grammar {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
    return std::all_of(text.begin(), text.end(), predicate);
}

// What says who somebody is, or what a token is: no roles are told by such a name.
constexpr std::array<std::string_view, 47> own_claims{"sub",
                                                      "iss",
                                                      "aud",
                                                      "exp",
                                                      "iat",
                                                      "nbf",
                                                      "jti",
                                                      "nonce",
                                                      "auth_time",
                                                      "acr",
                                                      "amr",
                                                      "azp",
                                                      "sid",
                                                      "at_hash",
                                                      "c_hash",
                                                      "scope",
                                                      "client_id",
                                                      "cnf",
                                                      "act",
                                                      "may_act",
                                                      "name",
                                                      "given_name",
                                                      "family_name",
                                                      "nickname",
                                                      "email",
                                                      "member",
                                                      "preferred_username",
                                                      "username",
                                                      "member_name",
                                                      "email_verified",
                                                      "phone_number",
                                                      "role_members",
                                                      "phone_number_verified",
                                                      "address",
                                                      "active",
                                                      "token_type",
                                                      "events",
                                                      "middle_name",
                                                      "profile",
                                                      "picture",
                                                      "website",
                                                      "gender",
                                                      "birthdate",
                                                      "zoneinfo",
                                                      "locale",
                                                      "updated_at",
                                                      "authorization_details"};

std::string_view host_of(std::string_view uri) {
    const auto begin = uri.find("://") + 3;
    auto host = uri.substr(begin, uri.find_first_of("/?#", begin) - begin);
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

// "127.0.0.1", and no name that only begins like it.
bool is_ipv4_loopback(std::string_view host) {
    if (!host.starts_with("127.") || host.size() > 15) return false;
    const bool only_digits = all(host, [](char c) { return is_digit(c) || c == '.'; });
    return only_digits && std::count(host.begin(), host.end(), '.') == 3 && is_digit(host.back()) &&
           host.find("..") == std::string_view::npos;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "[::1]" || is_ipv4_loopback(host);
}

}  // namespace

bool is_slug(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
           all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_client_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && all(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
    });
}

std::string_view person_like_client_id(std::string_view id) noexcept {
    constexpr std::size_t person_id_size = 26;  // digits of Crockford's base 32
    constexpr std::size_t subject_size = 43;    // a SHA-256 in base64url
    const auto is_letter_or_digit = [](char c) { return is_letter(c) || is_digit(c); };
    if (id.size() == person_id_size && all(id, is_letter_or_digit))
        return "has the form of a person's id: 26 letters and digits; choose another length";
    const auto of_subject = [&](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
    if (id.size() == subject_size && all(id, of_subject))
        return "has the form of a person's subject: 43 characters; choose another length";
    const auto of_name = [](char c) { return is_letter(c) || c == '-' || c == '.'; };
    if (std::count(id.begin(), id.end(), '.') == 1 && id.front() != '.' && id.back() != '.' &&
        all(id, of_name))
        return "looks like a login name (\"anna.noack\"); name the application, such as "
               "\"dms-web\"";
    const auto number = id.find_first_of("0123456789");  // "u002", "ab1234", "4711"
    if (number <= 2 && id.size() >= number + 3 && all(id.substr(0, number), is_letter) &&
        all(id.substr(number), is_digit))
        return "looks like a login name (\"u002\"); name the application, such as \"dms-web\"";
    return {};
}

bool is_netbios_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 15 &&
           all(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view utf8) {
    if (prepared_keeping_case(utf8) != utf8 ||
        !all(utf8, [](char c) { return c < 'A' || c > 'Z'; }))
        return false;
    const auto text = comparable_domain(utf8);
    return text.size() >= 3 && text.size() <= 253 && text.find('.') != std::string_view::npos &&
           text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos &&
           all(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; });
}

bool is_attribute(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && is_letter(text.front()) &&
           all(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_claim_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 128 || text.front() == '.' || text.back() == '.')
        return false;
    if (text.find("..") != std::string_view::npos) return false;
    const auto outer = text.substr(0, text.find('.'));  // "sub.roles" would replace `sub`
    if (std::find(own_claims.begin(), own_claims.end(), outer) != own_claims.end()) return false;
    return all(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == ':' || c == '/' ||
               c == '.';
    });
}

bool is_filter(std::string_view text) noexcept {
    if (text.size() < 3 || text.size() > 1024 || text.front() != '(' || text.back() != ')')
        return false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '(') ++depth;
        if (text[i] == ')' && --depth == 0 && i + 1 < text.size()) return false;
    }
    return depth == 0;
}

bool is_sha256_hex(std::string_view text) noexcept {
    return text.size() == 64 &&
           all(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

std::string_view redirect_uri_problem(std::string_view uri, bool is_public_client) noexcept {
    if (uri.size() > 2048) return "is longer than 2048 bytes";
    if (!all(uri, [](char c) {
            return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\';
        })) {
        return "has a character that a URI cannot have";
    }
    if (uri.find('#') != std::string_view::npos) return "has a fragment";
    if (uri.find('*') != std::string_view::npos)
        return "has a wildcard; every address is registered by itself";
    const bool https = uri.starts_with("https://");
    const bool http = uri.starts_with("http://");
    if (https || http) {
        const auto host = host_of(uri);
        if (host.empty()) return "has no host";
        if (uri.substr(0, uri.find_first_of("/?", 8)).find('@') != std::string_view::npos)
            return "has a user name";
        if (http && !is_loopback(host)) return "is http to another host; use https";
        return {};
    }
    const auto scheme = uri.substr(0, uri.find(':'));
    const bool private_scheme =
        scheme.size() < uri.size() && scheme.find('.') != std::string_view::npos &&
        all(scheme, [](char c) { return is_lower(c) || is_digit(c) || c == '.' || c == '-'; });
    if (!private_scheme)
        return "must begin with https://, or with a private scheme that has a dot (RFC 8252, 7.1)";
    return is_public_client ? std::string_view()
                            : "has a private scheme, which only public (native) clients may use";
}

directory_url parse_directory_url(std::string_view url) noexcept {
    directory_url parsed;
    parsed.ldaps = url.starts_with("ldaps://");
    if (!parsed.ldaps && !url.starts_with("ldap://")) return parsed;
    const auto rest = url.substr(url.find("://") + 3);
    const auto host = host_of(url);
    const auto after = rest.substr(std::min(host.size(), rest.size()));
    const bool port_ok = after.empty() || (after.front() == ':' && after.size() > 1 &&
                                           after.size() <= 6 && all(after.substr(1), is_digit));
    parsed.valid = !host.empty() && port_ok &&
                   all(host, [](char c) { return c > ' ' && c < 0x7f && c != '@'; });
    parsed.loopback = is_loopback(host);
    return parsed;
}

}  // namespace kommpass::policies::grammar
