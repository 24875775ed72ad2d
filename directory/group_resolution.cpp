#include "directory/group_resolution.hpp"

#include <algorithm>

namespace kommpass::directory {

group_resolution::group_resolution(std::vector<found_group> direct, int depth,
                                   std::string_view base)
    : base_(base.empty() ? std::nullopt : distinguished_name::parse(base)), levels_left_(depth) {
    for (auto& group : direct) add(std::move(group), {});
}

void group_resolution::add(found_group group, std::vector<std::string> path) {
    const auto name = distinguished_name::parse(group.dn);
    if (!name || !base_ || !name->is_within(*base_)) return;
    if (seen_.contains(name->normalised())) return;
    if (known_.size() >= most_groups) {
        cut_off_ = true;
        return;
    }
    seen_.emplace(name->normalised(), known_.size());
    known_.push_back({std::move(group), std::move(path)});
}

std::vector<found_group> group_resolution::next_level() {
    std::vector<found_group> level;
    if (levels_left_-- <= 0) return level;
    for (; asked_ < known_.size(); ++asked_) level.push_back(known_[asked_].group);
    return level;
}

void group_resolution::add_parents(const found_group& child,
                                   const std::vector<found_group>& parents) {
    const auto* found = find(child.dn);
    if (found == nullptr) return;
    auto path = found->path;
    path.push_back(found->group.name);
    for (const auto& parent : parents) add(parent, path);
}

void group_resolution::take_names(found_group read) {
    auto* found = find(read.dn);
    if (found == nullptr) return;
    found->group.name = std::move(read.name);
    found->group.other_names = std::move(read.other_names);
}

group_resolution::known_group* group_resolution::find(const std::string& dn) {
    const auto name = distinguished_name::parse(dn);
    const auto found = name ? seen_.find(name->normalised()) : seen_.end();
    return found == seen_.end() ? nullptr : &known_[found->second];
}

std::vector<group_membership> group_resolution::memberships() const {
    std::vector<group_membership> all;
    all.reserve(known_.size());
    for (const auto& one : known_)
        all.push_back({one.group.dn, one.group.name, one.path, one.group.other_names});
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.dn < b.dn; });
    return all;
}

}  // namespace kommpass::directory
