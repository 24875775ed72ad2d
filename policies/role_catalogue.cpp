#include "policies/role_catalogue.hpp"

#include <algorithm>

namespace kommpass::policies {

application_key application_of(const role_name& name) {
    return application_key(name.view().substr(0, name.view().find('.')));
}

role_catalogue::role_catalogue(const registry& all) {
    for (const auto& [key, application] : all.applications) {
        for (const auto& one : application.roles) roles_.emplace(one.name.view(), &one);
    }
    for (const auto& [name, one] : roles_) {
        if (one->includes.empty()) continue;
        // Breadth first, so that the shortest way is found first.
        std::vector<included_role> found{{one->name, {}}};
        for (std::size_t next = 0; next < found.size(); ++next) {
            const auto* outer = find(found[next].name);
            if (outer == nullptr) continue;
            for (const auto& inner : outer->includes) {
                const auto same = [&](const included_role& known) { return known.name == inner; };
                if (std::any_of(found.begin(), found.end(), same)) continue;
                auto through = found[next].through;
                through.push_back(found[next].name);
                found.push_back({inner, std::move(through)});
            }
        }
        found.erase(found.begin());
        included_.emplace(name, std::move(found));
    }
}

const role* role_catalogue::find(const role_name& name) const noexcept {
    const auto found = roles_.find(name.view());
    return found == roles_.end() ? nullptr : found->second;
}

const std::vector<role_catalogue::included_role>& role_catalogue::included_by(
    const role_name& name) const noexcept {
    static const std::vector<included_role> none;
    const auto found = included_.find(name.view());
    return found == included_.end() ? none : found->second;
}

}  // namespace kommpass::policies
