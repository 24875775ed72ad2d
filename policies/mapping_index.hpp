#pragma once

#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/identity.hpp"
#include "policies/evaluation.hpp"
#include "policies/registry.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kommpass::policies {

// A mapping with its names parsed, and its values prepared (RFC 4518), once.
struct compiled_mapping {
    const mapping* rule = nullptr;
    std::string group_key;  // normalised DN, or prepared name; empty: any group
    bool group_by_dn = false;
    std::string attribute;        // lower case
    std::string attribute_value;  // prepared
    std::optional<distinguished_name> within;
};

// An identity with its names parsed and its values prepared once, for judging many mappings against
// it: what is compared is compared as bytes.
struct judged_identity {
    // `parsed` is filled with the names of groups and may serve the next person; may be null.
    explicit judged_identity(const identity&, parsed_groups* parsed = nullptr);

    struct group_names {
        const group_membership* group;
        std::string dn;    // normalised
        std::string name;  // prepared, and so are the others
        std::vector<std::string> other_names;

        [[nodiscard]] bool is_called(const std::string& key) const {
            return name == key ||
                   std::find(other_names.begin(), other_names.end(), key) != other_names.end();
        }
    };
    struct attribute_value {
        const std::string* name;  // lower case
        std::string value;        // prepared
    };
    const identity& who;
    std::optional<distinguished_name> dn;
    std::vector<group_names> groups;
    std::vector<attribute_value> attributes;
};

// Why a mapping gives its roles to this person; nothing if it does not. All its conditions must
// hold together.
[[nodiscard]] std::optional<provenance> judge(const compiled_mapping&, const judged_identity&);

// Finds the mappings that a person can meet by what the person has: cost follows the person's
// groups, attributes and place, not the number of rules. Each mapping stands under its narrowest
// condition. Refers to the registry.
class mapping_index {
public:
    explicit mapping_index(const std::map<std::string, mapping>&);

    // Calls `found(compiled_mapping)` for every candidate, each once.
    template <class Found>
    void candidates(const judged_identity& person, Found found) const {
        // Two groups may share a name, two values may be equal once they are prepared: each key is
        // looked up once.
        std::vector<std::string> seen;
        const auto visit = [&](std::string key) {
            const auto at = by_key_.find(key);
            if (at == by_key_.end() || std::find(seen.begin(), seen.end(), key) != seen.end())
                return;
            seen.push_back(std::move(key));
            for (const auto index : at->second) found(compiled_[index]);
        };
        for (const auto& group : person.groups) {
            visit(dn_key(group.dn));
            visit(name_key(group.name));
            for (const auto& name : group.other_names) visit(name_key(name));
        }
        for (const auto& one : person.attributes) visit(attribute_key(*one.name, one.value));
        if (!person.dn || !any_place_) return;
        person.dn->for_each_base(
            [&](std::string_view base) { visit(place_key(std::string(base))); });
    }

    [[nodiscard]] const std::vector<compiled_mapping>& all() const noexcept { return compiled_; }

private:
    static std::string dn_key(const std::string& dn) { return "d" + dn; }
    static std::string name_key(const std::string& name) { return "n" + name; }
    static std::string place_key(const std::string& base) { return "p" + base; }
    static std::string attribute_key(const std::string& name, const std::string& value);

    std::vector<compiled_mapping> compiled_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_key_;
    bool any_place_ = false;  // one whose only condition is the place
};

}  // namespace kommpass::policies
