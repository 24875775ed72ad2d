#include "directory/group_names.hpp"

#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/prepared_string.hpp"

#include <map>
#include <optional>
#include <utility>

namespace kommpass::directory {
namespace {

constexpr std::size_t longest_name = 2048;

std::optional<found_group> named(const std::string& dn, const std::vector<std::string>& cn) {
    const auto parsed = distinguished_name::parse(dn);
    if (dn.empty() || !parsed) return std::nullopt;
    const auto& leaf = parsed->leaf();
    if (cn.empty() && leaf.size() == 1 && !prepared(leaf.front().value).empty())
        return found_group{dn, leaf.front().value, {}};  // nearly all: memberOf may have thousands
    std::map<std::string, std::string> all;              // by prepared name
    std::string shown;                                   // as a key of `all`
    const auto take = [&](const std::string& name) {
        auto key = name.size() > longest_name ? std::string() : prepared(name);
        if (!key.empty()) all.emplace(key, name);
        return key;
    };
    for (const auto& one : leaf) {
        auto key = take(one.value);
        if (one.type == "cn" && shown.empty()) shown = std::move(key);
    }
    if (cn.empty() && shown.empty()) shown = prepared(parsed->leaf_value());
    std::string least;
    for (const auto& name : cn) {
        auto key = take(name);
        if (!key.empty() && (least.empty() || key < least)) least = std::move(key);
    }
    if (shown.empty()) shown = std::move(least);
    const auto found = all.find(shown);
    if (found == all.end()) return std::nullopt;
    found_group group{dn, std::move(found->second), {}};
    all.erase(found);
    for (auto& [key, name] : all) group.other_names.push_back(std::move(name));
    return group;
}

}  // namespace

std::vector<found_group> groups_named(const std::vector<std::string>& dns) {
    std::vector<found_group> groups;
    for (const auto& dn : dns) {
        if (auto group = named(dn, {})) groups.push_back(*std::move(group));
    }
    return groups;
}

std::vector<found_group> groups_in(const std::vector<ldap_entry>& entries) {
    std::vector<found_group> groups;
    for (const auto& entry : entries) {
        if (auto group = named(entry.dn, entry.texts("cn"))) groups.push_back(*std::move(group));
    }
    return groups;
}

}  // namespace kommpass::directory
