#include "policies/validation.hpp"

#include "config/toml_section.hpp"
#include "config/vocabulary/domain_name.hpp"
#include "policies/grammar.hpp"
#include "policies/own_rights.hpp"

#include <set>

namespace kommpass::policies {
namespace {

// Whose name is already another's: domains and client ids are unique over the whole registry.
void validate_uniqueness(const registry& all, config::mistakes& wrong) {
    std::map<std::string, member_slug> domains;
    for (const auto& [slug, one] : all.members) {
        auto names = one.domains;
        const auto& netbios = one.directory.netbios_name;
        if (!netbios.empty()) names.push_back(netbios);
        for (const auto& domain : names) {
            const auto [found, is_new] = domains.emplace(comparable_domain(domain), slug);
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
    validate_rights(all, wrong);
    validate_uniqueness(all, wrong);
    validate_subscriptions(all, wrong);
    return wrong;
}

config::mistakes validate_reach(const registry& all) {
    config::mistakes wrong;
    for (const auto& [id, one] : all.mappings) {
        for (auto& text : wrong_with_own_rights(all, one))
            wrong.push_back({"mappings/" + id, 0, std::move(text)});
    }
    for (const auto& [id, one] : all.grants) {
        for (auto& text : wrong_with_own_rights(all, one))
            wrong.push_back({"grants/" + id, 0, std::move(text)});
    }
    for (const auto& [key, owner] : all.applications) {
        for (const auto& one : owner.clients) {
            const auto problem = grammar::person_like_client_id(one.id.view());
            if (!problem.empty())
                wrong.push_back(
                    {"applications/" + key.str(), 0,
                     "client \"" + one.id.str() + "\": the id " + std::string(problem)});
        }
    }
    validate_names(all, wrong);
    for (const auto& [slug, one] : all.members) {
        if (one.active && one.directory.group_base.empty())
            wrong.push_back({"members/" + slug.str(), 0,
                             "directory: \"group_base\" is missing: where groups are; none "
                             "counts elsewhere"});
    }
    validate_withdrawals(all, wrong);
    return wrong;
}

config::mistakes newly_beyond(const registry& before, const registry& after) {
    std::set<std::string> known;
    for (const auto& one : validate_reach(before)) known.insert(one.to_string());
    registry newer = after;
    std::erase_if(newer.withdrawals, [&](const auto& one) {
        const auto was = before.withdrawals.find(one.first);
        return was != before.withdrawals.end() && was->second == one.second;
    });
    auto wrong = validate_reach(newer);
    std::erase_if(wrong, [&](const auto& one) { return known.contains(one.to_string()); });
    return wrong;
}

}  // namespace kommpass::policies
