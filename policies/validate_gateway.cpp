#include "policies/validate_gateway.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "policies/grammar.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

namespace kommpass::policies {
namespace {

constexpr std::size_t most_hosts = 20;
constexpr std::size_t most_rules = 200;
// Each is asked for in a header of its own and echoed by proxies: bounded as these bound them.
constexpr std::size_t longest_header_name = 64;

constexpr std::array<std::string_view, 26> taken_headers{"accept",
                                                         "age",
                                                         "allow",
                                                         "authorization",
                                                         "cache-control",
                                                         "connection",
                                                         "content-type",
                                                         "cookie",
                                                         "content-length",
                                                         "content-encoding",
                                                         "date",
                                                         "etag",
                                                         "expect",
                                                         "forwarded",
                                                         "host",
                                                         "keep-alive",
                                                         "location",
                                                         "origin",
                                                         "referer",
                                                         "set-cookie",
                                                         "te",
                                                         "trailer",
                                                         "upgrade",
                                                         "transfer-encoding",
                                                         "user-agent",
                                                         "www-authenticate"};
constexpr std::array<std::string_view, 6> taken_beginnings{
    "x-forwarded-", "x-original-", "sec-", "proxy-", "access-control-", "x-kommpass-"};

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_port(std::string_view text) {
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > 5 || !digits || text.front() == '0') return false;
    return std::stoi(std::string(text)) <= 65535 && text != "443";
}

// Hosts of the entry, and whose they are already.
void validate_hosts(const registry& all, const application& a, const std::string& document,
                    config::mistakes& wrong) {
    const auto& hosts = a.gateway.hosts;
    if (hosts.size() > most_hosts)
        wrong.push_back({document, 0, "gateway: no more than 20 hosts can be named"});
    std::set<std::string> seen;
    for (const auto& host : hosts) {
        if (!is_gateway_host(host))
            wrong.push_back({document, 0,
                             "gateway: host \"" + host +
                                 "\" must be a name in lower case such as "
                                 "\"fachverfahren.example.org\", with a port only if it is not "
                                 "443"});
        if (!seen.insert(host).second)
            wrong.push_back({document, 0, "gateway: host \"" + host + "\" is named twice"});
        for (const auto& [key, other] : all.applications) {
            const auto& theirs = other.gateway.hosts;
            if (key == a.key || std::find(theirs.begin(), theirs.end(), host) == theirs.end())
                continue;
            wrong.push_back({document, 0,
                             "gateway: host \"" + host + "\" belongs to application \"" +
                                 key.str() + "\" too"});
        }
    }
}

void validate_headers(const gateway_headers& named, const std::string& document,
                      config::mistakes& wrong) {
    std::set<std::string> seen;
    for (const auto* name : {&named.user, &named.subject, &named.name, &named.mail, &named.member,
                             &named.roles, &named.acr, &named.assertion}) {
        if (name->empty()) continue;
        if (!is_identity_header(*name))
            wrong.push_back({document, 0,
                             "gateway: \"" + *name +
                                 "\" is no header for an identity: letters, digits and '-', and "
                                 "none that HTTP or a proxy uses itself"});
        if (!seen.insert(lower_case(*name)).second)
            wrong.push_back({document, 0,
                             "gateway: header \"" + *name +
                                 "\" stands for two things (letter case does not count)"});
    }
}

void validate_roles_of(const gateway_rule& rule, const application& a, const std::string& start,
                       const std::string& document, config::mistakes& wrong) {
    for (const auto& role : rule.roles) {
        const bool known = std::any_of(a.roles.begin(), a.roles.end(),
                                       [&](const auto& one) { return one.name == role; });
        if (!known)
            wrong.push_back(
                {document, 0, start + "unknown role \"" + role.str() + "\" of this application"});
    }
    if (rule.open && (!rule.roles.empty() || !rule.require_acr.empty()))
        wrong.push_back({document, 0,
                         start + "open to everybody and yet with roles or require_acr; leave one"});
    if (!rule.open && rule.roles.empty() && rule.require_acr.empty())
        wrong.push_back(
            {document, 0, start + "demands nothing: name roles, require_acr, or open = true"});
}

void validate_rules(const application& a, const std::string& document, config::mistakes& wrong) {
    if (a.gateway.rules.size() > most_rules)
        wrong.push_back({document, 0, "gateway_rule: no more than 200 rules can be named"});
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& rule : a.gateway.rules) {
        const auto start = "gateway_rule \"" + rule.path + "\": ";
        if (!is_rule_path(rule.path))
            wrong.push_back({document, 0,
                             start +
                                 "the path must be plain, such as \"/admin/\" (all below it) or "
                                 "\"/health\": no '%', ';', '?', '*', no empty segment, no dots"});
        for (const auto& method : rule.methods) {
            const bool upper = std::all_of(method.begin(), method.end(),
                                           [](char c) { return c >= 'A' && c <= 'Z'; });
            if (method.empty() || method.size() > 20 || !upper)
                wrong.push_back(
                    {document, 0, start + "\"" + method + "\" is no method such as \"GET\""});
        }
        auto methods = rule.methods.empty() ? std::vector<std::string>{""} : rule.methods;
        for (auto& method : methods) {
            if (!seen.emplace(lower_case(rule.path), std::move(method)).second)
                wrong.push_back({document, 0,
                                 start + "a rule for this path and method stands there already "
                                         "(letter case does not count)"});
        }
        validate_roles_of(rule, a, start, document, wrong);
    }
    if (!a.gateway.rules.empty() && a.gateway.hosts.empty())
        wrong.push_back({document, 0, "gateway_rule: there is no [gateway] with hosts"});
}

}  // namespace

void validate_gateway(const registry& all, const application& a, config::mistakes& wrong) {
    const auto document = "applications/" + a.key.str();
    validate_hosts(all, a, document, wrong);
    validate_headers(a.gateway.headers, document, wrong);
    validate_rules(a, document, wrong);
}

bool is_gateway_host(std::string_view host) {
    const auto colon = host.find(':');
    const auto name = host.substr(0, colon);
    const bool ascii = std::all_of(name.begin(), name.end(), [](char c) {
        return (is_alphanumeric(c) && !(c >= 'A' && c <= 'Z')) || c == '-' || c == '.';
    });
    if (!ascii || name.ends_with('.') || !grammar::is_domain(name)) return false;
    return colon == std::string_view::npos || is_port(host.substr(colon + 1));
}

bool is_identity_header(std::string_view name) {
    const bool plain = std::all_of(name.begin(), name.end(),
                                   [](char c) { return is_alphanumeric(c) || c == '-'; });
    if (name.empty() || name.size() > longest_header_name || !plain || name.front() == '-')
        return false;
    const auto low = lower_case(name);
    return std::find(taken_headers.begin(), taken_headers.end(), low) == taken_headers.end() &&
           std::none_of(taken_beginnings.begin(), taken_beginnings.end(),
                        [&](std::string_view one) { return low.starts_with(one); });
}

bool is_rule_path(std::string_view path) {
    if (!path.starts_with('/') || path.size() > 200) return false;
    const bool plain = std::all_of(path.begin(), path.end(), [](char c) {
        return is_alphanumeric(c) ||
               std::string_view("/-._~!$&'()+,=:@").find(c) != std::string_view::npos;
    });
    if (!plain) return false;
    for (path.remove_prefix(1); !path.empty();) {
        const auto segment = path.substr(0, path.find('/'));
        if (segment.empty() || segment.back() == '.') return false;
        path.remove_prefix(std::min(segment.size() + 1, path.size()));
    }
    return true;
}

}  // namespace kommpass::policies
