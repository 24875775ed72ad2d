#include "config/vocabulary/name_folding.hpp"
#include "policies/mapping_index.hpp"
#include "policies/registry_files.hpp"
#include "policies/validation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace kommpass::policies {
namespace {

class compiled_snapshot final : public snapshot {
public:
    compiled_snapshot(registry documents, long long revision)
        : documents_(std::move(documents)), revision_(revision), mappings_(documents_.mappings) {
        for (const auto& [slug, one] : documents_.members) {
            by_name_.push_back(&one);
            for (const auto& domain : one.domains) domains_.emplace(domain, &one);
            const auto& netbios = one.directory.netbios_name;
            if (!netbios.empty()) domains_.emplace(lower_case(netbios), &one);
        }
        std::sort(by_name_.begin(), by_name_.end(), [](const member* a, const member* b) {
            return folded_name(a->name.de) < folded_name(b->name.de);
        });
        for (const auto& [key, one] : documents_.applications) {
            for (const auto& client : one.clients)
                clients_.emplace(client.id.str(), client_entry{&client, &one});
        }
        for (const auto& one : documents_.subscriptions)
            subscriptions_.emplace(one.member, one.application);
    }

    const registry& documents() const noexcept override { return documents_; }
    long long revision() const noexcept override { return revision_; }

    const member* find_member(const member_slug& slug) const noexcept override {
        const auto found = documents_.members.find(slug);
        return found == documents_.members.end() ? nullptr : &found->second;
    }
    const member* member_of_domain(std::string_view domain) const noexcept override {
        const auto found = domains_.find(lower_case(domain));
        return found == domains_.end() ? nullptr : found->second;
    }
    const std::vector<const member*>& members_by_name() const noexcept override { return by_name_; }
    const application* find_application(const application_key& key) const noexcept override {
        const auto found = documents_.applications.find(key);
        return found == documents_.applications.end() ? nullptr : &found->second;
    }
    client_entry find_client(std::string_view id) const noexcept override {
        const auto found = clients_.find(std::string(id));
        return found == clients_.end() ? client_entry{nullptr, nullptr} : found->second;
    }

    access_decision decide(const identity& who, const application& wanted) const override {
        if (!subscriptions_.contains({who.member, wanted.key})) return {access::not_subscribed, {}};
        auto roles = roles_of(who, wanted);
        if (roles.empty() && wanted.require_role) return {access::no_role, {}};
        return {access::granted, std::move(roles)};
    }

private:
    std::vector<effective_role> roles_of(const identity& who, const application& wanted) const {
        const judged_identity person(who);
        const auto prefix = wanted.key.str() + ".";
        std::map<role_name, effective_role> held;
        mappings_.candidates(person, [&](const compiled_mapping& candidate) {
            const auto why = judge(candidate, person);
            if (!why) return;
            for (const auto& name : candidate.rule->roles) {
                if (name.view().starts_with(prefix))
                    add(held[name], name, *candidate.rule, *why, who.member);
            }
        });
        std::vector<effective_role> roles;
        roles.reserve(held.size());
        for (auto& [name, one] : held) roles.push_back(std::move(one));
        return roles;
    }

    static void add(effective_role& held, const role_name& name, const mapping& rule,
                    const provenance& why, const member_slug& own) {
        held.name = name;
        held.because.push_back(why);
        auto& scope = held.for_members;
        if (rule.for_members.empty()) scope.push_back(own);
        scope.insert(scope.end(), rule.for_members.begin(), rule.for_members.end());
        std::sort(scope.begin(), scope.end());
        scope.erase(std::unique(scope.begin(), scope.end()), scope.end());
    }

    registry documents_;
    long long revision_;
    mapping_index mappings_;  // refers to documents_
    std::vector<const member*> by_name_;
    std::unordered_map<std::string, const member*> domains_;
    std::unordered_map<std::string, client_entry> clients_;
    std::set<std::pair<member_slug, application_key>> subscriptions_;
};

}  // namespace

result<snapshot_ptr, config::mistakes> compile(registry documents, long long revision) {
    auto wrong = validate(documents);
    if (!wrong.empty()) return wrong;
    return snapshot_ptr(std::make_shared<const compiled_snapshot>(std::move(documents), revision));
}

}  // namespace kommpass::policies
