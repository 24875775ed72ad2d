#include "policies/validation.hpp"

#include "config/toml_section.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "policies/grammar.hpp"

#include <set>

namespace kommpass::policies {
namespace {

using namespace std::chrono_literals;

void validate_roles(const application& a, const std::string& document, config::mistakes& wrong) {
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
    }
}

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
    validate_roles(a, document, wrong);
    for (const auto& one : a.clients) validate_client(all, a, one, wrong);
}

// Whose name is already another's: domains and client ids are unique over the whole registry.
void validate_uniqueness(const registry& all, config::mistakes& wrong) {
    std::map<std::string, member_slug> domains;
    for (const auto& [slug, one] : all.members) {
        auto names = one.domains;
        const auto& netbios = one.directory.netbios_name;
        if (!netbios.empty()) names.push_back(lower_case(netbios));
        for (const auto& domain : names) {
            const auto [found, is_new] = domains.emplace(domain, slug);
            if (!is_new) {
                wrong.push_back({"members/" + slug.str(), 0,
                                 "domain \"" + domain + "\" belongs to member \"" +
                                     found->second.str() + "\" already"});
            }
        }
    }
    std::map<client_id, application_key> clients;
    for (const auto& [key, one] : all.applications) {
        for (const auto& client : one.clients) {
            const auto [found, is_new] = clients.emplace(client.id, key);
            if (!is_new) {
                wrong.push_back({"applications/" + key.str(), 0,
                                 "client \"" + client.id.str() + "\" is defined by application \"" +
                                     found->second.str() + "\" already"});
            }
        }
    }
}

void validate_subscriptions(const registry& all, config::mistakes& wrong) {
    std::vector<std::string> known;
    for (const auto& [key, one] : all.applications) known.push_back(key.str());
    for (const auto& one : all.subscriptions) {
        if (all.applications.contains(one.application)) continue;
        const auto nearest = config::nearest_word(one.application.view(), known);
        wrong.push_back({"members/" + one.member.str(), 0,
                         "subscription to unknown application \"" + one.application.str() + "\"" +
                             (nearest ? "; did you mean \"" + *nearest + "\"?" : "")});
    }
}

}  // namespace

config::mistakes validate(const registry& all) {
    config::mistakes wrong;
    for (const auto& [slug, one] : all.members) validate_member(all, one, wrong);
    for (const auto& [key, one] : all.applications) validate_application(all, one, wrong);
    for (const auto& [id, one] : all.mappings) validate_mapping(all, one, wrong);
    validate_uniqueness(all, wrong);
    validate_subscriptions(all, wrong);
    return wrong;
}

}  // namespace kommpass::policies
