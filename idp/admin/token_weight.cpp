#include "idp/admin/token_weight.hpp"

#include "idp/oauth/claims.hpp"
#include "idp/oauth/roles_by_reference.hpp"
#include "policies/evaluation.hpp"
#include "policies/role_catalogue.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace kommpass::idp::admin {
namespace {

// What an access token has beside the roles: identifiers, times, scope, audience.
constexpr std::size_t beside_roles = 700;

using condition = std::tuple<std::string, std::string, std::string, std::string, std::string>;

condition condition_of(const policies::mapping& one) {
    return {one.member ? one.member->str() : std::string(), one.group, one.attribute,
            one.attribute_value, one.within};
}

// Roles of each application with the members that they hold for, as rules of one condition give
// them together.
using held_roles = std::map<application_key, std::map<role_name, std::set<member_slug>>>;

void add(held_roles& all, const policies::role_catalogue& catalogue,
         const policies::mapping& rule) {
    const auto own = rule.member.value_or(member_slug());
    const auto hold = [&](const role_name& name) {
        auto& members = all[policies::application_of(name)][name];
        if (rule.for_members.empty()) members.insert(own);
        members.insert(rule.for_members.begin(), rule.for_members.end());
    };
    for (const auto& name : rule.roles) {
        hold(name);
        for (const auto& inner : catalogue.included_by(name)) hold(inner.name);
    }
}

std::size_t size_for(const policies::application& application, const member_slug& own,
                     const std::map<role_name, std::set<member_slug>>& roles) {
    std::vector<policies::effective_role> effective;
    for (const auto& [name, members] : roles) {
        policies::effective_role one;
        one.name = name;
        one.for_members.assign(members.begin(), members.end());
        effective.push_back(std::move(one));
    }
    std::size_t most = 0;
    for (const auto& client : application.clients) {
        boost::json::object claims;
        oauth::add_role_claims(claims, application, client, effective, own);
        most = std::max(most, oauth::token_size(claims));
    }
    return most == 0 ? 0 : most + beside_roles;
}

std::vector<heavy_rule> weighed(
    const policies::registry& all,
    const std::map<condition, std::vector<const policies::mapping*>>& rules) {
    const policies::role_catalogue catalogue(all);
    std::vector<heavy_rule> heavy;
    for (const auto& [unused, same] : rules) {
        held_roles held;
        for (const auto* one : same) add(held, catalogue, *one);
        const auto own = same.front()->member.value_or(member_slug());
        for (const auto& [key, roles] : held) {
            const auto application = all.applications.find(key);
            if (application == all.applications.end()) continue;
            const auto bytes = size_for(application->second, own, roles);
            if (bytes <= oauth::large_token) continue;
            for (const auto* one : same) {
                const bool gives = std::any_of(one->roles.begin(), one->roles.end(),
                                               [&key = key](const role_name& name) {
                                                   return policies::application_of(name) == key;
                                               });
                if (gives) heavy.push_back({one->id, key, bytes});
            }
        }
    }
    std::sort(heavy.begin(), heavy.end(), [](const heavy_rule& a, const heavy_rule& b) {
        return std::tie(b.bytes, a.mapping) < std::tie(a.bytes, b.mapping);
    });
    return heavy;
}

}  // namespace

std::vector<heavy_rule> heavy_rules(const policies::registry& all) {
    std::map<condition, std::vector<const policies::mapping*>> rules;
    for (const auto& [id, one] : all.mappings) rules[condition_of(one)].push_back(&one);
    return weighed(all, rules);
}

std::vector<heavy_rule> weight_of(const policies::registry& all, const policies::mapping& draft) {
    std::map<condition, std::vector<const policies::mapping*>> rules;
    auto& same = rules[condition_of(draft)];
    same.push_back(&draft);
    for (const auto& [id, one] : all.mappings) {
        if (id != draft.id && condition_of(one) == condition_of(draft)) same.push_back(&one);
    }
    auto heavy = weighed(all, rules);
    std::erase_if(heavy, [&](const heavy_rule& one) { return one.mapping != draft.id; });
    return heavy;
}

std::string advice_on(const policies::registry& all, const heavy_rule& one, bool in_german) {
    const auto kib = std::to_string((one.bytes + 1023) / 1024) + " KiB";
    const auto what = in_german
                          ? "Zugriffstoken für " + one.application.str() + ": etwa " + kib + ". "
                          : "Access tokens for " + one.application.str() + ": about " + kib + ". ";
    const auto* effect =
        one.bytes > oauth::largest_token
            ? (in_german ? "Das ist mehr, als ein Token tragen kann: die Rollen stehen dann nicht "
                           "darin, die Anwendung muss sie am UserInfo-Endpunkt abrufen. "
                         : "That is more than a token can carry: it will not have the roles, and "
                           "the application has to get them at the UserInfo endpoint. ")
        : one.bytes > oauth::very_large_token
            ? (in_german ? "Die meisten Server und Proxys nehmen höchstens 8 KiB an. "
                         : "Most servers and proxies take 8 KiB at most. ")
            : (in_german ? "Manche Proxys nehmen höchstens 4 KiB an. "
                         : "Some proxies take 4 KiB at most. ");
    const auto found = all.applications.find(one.application);
    const bool strips =
        found != all.applications.end() && found->second.claim.strip_application_prefix;
    std::string smaller = in_german ? "Kleiner wird es mit weniger Rollen oder Mitgliedern je Regel"
                                    : "Fewer roles or members a rule make it smaller";
    if (!strips)
        smaller += in_german
                       ? " und mit strip_application_prefix = true in role_claim der Anwendung"
                       : ", and so does strip_application_prefix = true in the application's "
                         "role_claim";
    return what + effect + smaller + ".";
}

std::vector<std::string> advice_on(const policies::registry& all, const policies::mapping& draft,
                                   bool in_german) {
    std::vector<std::string> advice;
    for (const auto& one : weight_of(all, draft)) advice.push_back(advice_on(all, one, in_german));
    return advice;
}

}  // namespace kommpass::idp::admin
