#include "config/vocabulary/domain_name.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "policies/evaluator.hpp"
#include "policies/network_zone.hpp"
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
    compiled_snapshot(registry documents, long long revision, authorships authors)
        : documents_(std::move(documents)),
          revision_(revision),
          authors_(std::move(authors)),
          evaluator_(documents_, authors_) {
        for (const auto& [slug, one] : documents_.members) {
            by_name_.push_back(&one);
            if (!one.active) continue;
            for (const auto& domain : one.domains)
                domains_.emplace(comparable_domain(domain), &one);
            const auto& netbios = one.directory.netbios_name;
            if (!netbios.empty()) domains_.emplace(comparable_domain(netbios), &one);
        }
        std::sort(by_name_.begin(), by_name_.end(), [](const member* a, const member* b) {
            return folded_name(a->name.de) < folded_name(b->name.de);
        });
        for (const auto& [key, one] : documents_.applications) {
            for (const auto& client : one.clients) {
                if (client.state == grant_state::active)
                    clients_.emplace(client.id.str(), client_entry{&client, &one});
            }
        }
        for (const auto& one : documents_.subscriptions)
            subscriptions_.emplace(one.member, one.application);
    }

    const registry& documents() const noexcept override { return documents_; }
    long long revision() const noexcept override { return revision_; }

    const authorship* author_of(std::string_view document) const noexcept override {
        const auto found = authors_.find(document);
        return found == authors_.end() ? nullptr : &found->second;
    }

    const member* find_member(const member_slug& slug) const noexcept override {
        const auto found = documents_.members.find(slug);
        return found == documents_.members.end() ? nullptr : &found->second;
    }
    const member* member_of_domain(std::string_view domain) const noexcept override {
        const auto found = domains_.find(comparable_domain(domain));
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

    const role* find_role(const role_name& name) const noexcept override {
        return evaluator_.catalogue().find(name);
    }
    bool is_subscribed(const member_slug& member,
                       const application_key& application) const noexcept override {
        return subscriptions_.contains({member, application});
    }

    evaluation evaluate(const evaluated_person& person, parsed_groups* parsed) const override {
        return evaluator_.evaluate(person, parsed);
    }

    access_decision decide(const evaluated_person& person, const application& wanted,
                           const sign_in_circumstances* how) const override {
        if (!is_subscribed(person.who.member, wanted.key)) return {access::not_subscribed, {}};
        auto all = evaluator_.evaluate(person, nullptr);
        const auto prefix = wanted.key.str() + ".";
        std::erase_if(all.roles,
                      [&](const auto& one) { return !one.name.view().starts_with(prefix); });
        if (all.roles.empty() && wanted.require_role) return {access::no_role, {}};
        const auto verdict = how == nullptr ? access::granted : judge_sign_in(wanted, *how);
        if (verdict != access::granted) return {verdict, {}};
        return {access::granted, std::move(all.roles)};
    }

private:
    static access judge_sign_in(const application& wanted, const sign_in_circumstances& how) {
        const auto& networks = wanted.networks;
        const auto holds = [&](const std::string& one) { return is_in_network(how.address, one); };
        if (!networks.empty() && std::none_of(networks.begin(), networks.end(), holds))
            return access::wrong_network;
        const auto& levels = wanted.require_acr;
        if (!levels.empty() && std::find(levels.begin(), levels.end(), how.acr) == levels.end())
            return access::weak_sign_in;
        if (wanted.longest_sign_in_age && how.age > *wanted.longest_sign_in_age)
            return access::old_sign_in;
        return access::granted;
    }

    registry documents_;
    long long revision_;
    authorships authors_;
    evaluator evaluator_;  // refers to both
    std::vector<const member*> by_name_;
    std::unordered_map<std::string, const member*> domains_;
    std::unordered_map<std::string, client_entry> clients_;
    std::set<std::pair<member_slug, application_key>> subscriptions_;
};

}  // namespace

std::string_view name_of(access verdict) noexcept {
    switch (verdict) {
        case access::granted:
            return "granted";
        case access::not_subscribed:
            return "not_subscribed";
        case access::no_role:
            return "no_role";
        case access::weak_sign_in:
            return "weak_sign_in";
        case access::old_sign_in:
            return "old_sign_in";
        case access::wrong_network:
            return "wrong_network";
    }
    return "refused";
}

result<snapshot_ptr, config::mistakes> compile(registry documents, long long revision,
                                               authorships authors) {
    auto beyond = validate_reach(documents);
    auto made = compile_stored(std::move(documents), revision, std::move(authors));
    if (beyond.empty()) return made;
    if (!made) {
        const auto wrong = made.error();
        beyond.insert(beyond.begin(), wrong.begin(), wrong.end());
    }
    return beyond;
}

result<snapshot_ptr, config::mistakes> compile_stored(registry documents, long long revision,
                                                      authorships authors) {
    auto wrong = validate(documents);
    if (!wrong.empty()) return wrong;
    return snapshot_ptr(std::make_shared<const compiled_snapshot>(std::move(documents), revision,
                                                                  std::move(authors)));
}

}  // namespace kommpass::policies
