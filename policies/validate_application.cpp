#include "policies/grammar.hpp"
#include "policies/network_zone.hpp"
#include "policies/role_catalogue.hpp"
#include "policies/validate_gateway.hpp"
#include "policies/validation.hpp"

#include <set>

namespace kommpass::policies {
namespace {

using namespace std::chrono_literals;

// A composite role names roles that exist, and comes back to itself by no way.
void validate_inclusions(const registry& all, const role& one, const std::string& document,
                         config::mistakes& wrong) {
    for (const auto& inner : one.includes) {
        if (find_role(all, inner) == nullptr) {
            wrong.push_back({document, 0,
                             "role \"" + one.name.str() + "\" includes the unknown role \"" +
                                 inner.str() + "\"" + suggested_role(all, inner)});
        }
    }
    std::vector<role_name> todo = one.includes;
    std::set<role_name> seen;
    while (!todo.empty()) {
        const auto next = todo.back();
        todo.pop_back();
        if (next == one.name) {
            wrong.push_back({document, 0, "role \"" + next.str() + "\" includes itself"});
            return;
        }
        const auto* inner = seen.insert(next).second ? find_role(all, next) : nullptr;
        if (inner != nullptr)
            todo.insert(todo.end(), inner->includes.begin(), inner->includes.end());
    }
}

void validate_roles(const registry& all, const application& a, const std::string& document,
                    config::mistakes& wrong) {
    std::set<std::string> names;
    const auto prefix = a.key.str() + ".";
    for (const auto& one : a.roles) {
        const auto& name = one.name.str();
        if (!name.starts_with(prefix) ||
            !grammar::is_slug(name.substr(std::min(prefix.size(), name.size())))) {
            wrong.push_back({document, 0,
                             "role \"" + name + "\" must be \"" + prefix +
                                 "\" and lower-case letters, digits and '-'"});
        }
        if (!names.insert(name).second)
            wrong.push_back({document, 0, "role \"" + name + "\" is defined twice"});
        if (one.title.de.empty())
            wrong.push_back({document, 0, "role \"" + name + "\" needs a German title"});
        validate_inclusions(all, one, document, wrong);
    }
}

void validate_access(const application& a, const std::string& document, config::mistakes& wrong) {
    for (const auto& one : a.networks) {
        if (!is_network(one)) {
            wrong.push_back({document, 0,
                             "networks: \"" + one +
                                 "\" must be a network such as \"10.12.0.0/16\", without bits "
                                 "beyond its prefix"});
        }
    }
    if (a.longest_sign_in_age && *a.longest_sign_in_age < 60s)
        wrong.push_back({document, 0, "longest_sign_in_age must not be shorter than \"60s\""});
}

}  // namespace

void validate_application(const registry& all, const application& a, config::mistakes& wrong) {
    const auto document = "applications/" + a.key.str();
    if (!grammar::is_slug(a.key.view())) {
        wrong.push_back({document, 0,
                         "key \"" + a.key.str() + "\" must be lower-case letters, digits and '-'"});
    }
    if (a.name.de.empty()) wrong.push_back({document, 0, "\"name\" is missing"});
    if (a.access_token_lifetime < 10s || a.access_token_lifetime > 24h) {
        wrong.push_back({document, 0, "access_token_lifetime must be from \"10s\" to \"24h\""});
    }
    if (a.refresh_token_lifetime < a.access_token_lifetime) {
        wrong.push_back(
            {document, 0, "refresh_token_lifetime must not be shorter than access_token_lifetime"});
    }
    if (a.refresh_reuse_grace > 60s)
        wrong.push_back({document, 0, "refresh_reuse_grace must not be longer than \"60s\""});
    if (!grammar::is_claim_name(a.claim.name)) {
        wrong.push_back({document, 0,
                         "role_claim name \"" + a.claim.name +
                             "\" must be letters, digits, '_', '-', ':', '/', and '.' to nest; and "
                             "none that the protocol uses"});
    }
    if (!a.operated_by.empty() && !all.members.contains(a.operated_by)) {
        wrong.push_back({document, 0,
                         "operated_by: unknown member \"" + a.operated_by.str() + "\"" +
                             suggested_member(all, a.operated_by)});
    }
    validate_roles(all, a, document, wrong);
    validate_access(a, document, wrong);
    validate_gateway(all, a, wrong);
    for (const auto& one : a.clients) validate_client(all, a, one, wrong);
}

}  // namespace kommpass::policies
