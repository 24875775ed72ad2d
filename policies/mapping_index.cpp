#include "policies/mapping_index.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/prepared_string.hpp"

#include <algorithm>

namespace kommpass::policies {
namespace {

compiled_mapping compile_one(const mapping& rule) {
    compiled_mapping compiled;
    compiled.rule = &rule;
    const auto dn = rule.group.find('=') == std::string::npos
                        ? std::nullopt
                        : distinguished_name::parse(rule.group);
    compiled.group_by_dn = dn.has_value();
    compiled.group_key = dn ? dn->normalised() : prepared(rule.group);
    compiled.attribute = lower_case(rule.attribute);
    compiled.attribute_value = prepared(rule.attribute_value);
    if (!rule.within.empty()) compiled.within = distinguished_name::parse(rule.within);
    return compiled;
}

const judged_identity::group_names* group_of(const compiled_mapping& mapping,
                                             const judged_identity& person) {
    for (const auto& group : person.groups) {
        if (mapping.group_by_dn ? group.dn == mapping.group_key
                                : group.is_called(mapping.group_key))
            return &group;
    }
    return nullptr;
}

bool has_attribute(const compiled_mapping& mapping, const judged_identity& person) {
    return std::any_of(person.attributes.begin(), person.attributes.end(), [&](const auto& one) {
        return *one.name == mapping.attribute && one.value == mapping.attribute_value;
    });
}

}  // namespace

judged_identity::judged_identity(const identity& given, parsed_groups* parsed)
    : who(given), dn(distinguished_name::parse(given.dn)) {
    const auto normalised = [](const std::string& text) {
        const auto name = distinguished_name::parse(text);
        return name ? name->normalised() : std::string();
    };
    const auto with_names = [](const group_membership& group, std::string normal) {
        group_names made{&group, std::move(normal), prepared(group.name), {}};
        for (const auto& name : group.other_names) made.other_names.push_back(prepared(name));
        return made;
    };
    groups.reserve(given.groups.size());
    for (const auto& group : given.groups) {
        if (parsed == nullptr) {
            groups.push_back(with_names(group, normalised(group.dn)));
            continue;
        }
        auto known = parsed->find(group.dn);
        if (known == parsed->end()) known = parsed->emplace(group.dn, normalised(group.dn)).first;
        groups.push_back(with_names(group, known->second));
    }
    for (const auto& [name, values] : given.attributes) {
        for (const auto& value : values) attributes.push_back({&name, prepared(value)});
    }
}

std::optional<provenance> judge(const compiled_mapping& mapping, const judged_identity& person) {
    const auto& rule = *mapping.rule;
    if (rule.member && *rule.member != person.who.member) return std::nullopt;
    provenance why;
    why.mapping = rule.id;
    if (!mapping.group_key.empty()) {
        const auto* found = group_of(mapping, person);
        if (found == nullptr) return std::nullopt;
        why.group = found->group->name;
        why.group_path = found->group->path;
    }
    if (!mapping.attribute.empty()) {
        if (!has_attribute(mapping, person)) return std::nullopt;
        why.attribute = rule.attribute + "=" + rule.attribute_value;
    }
    if (mapping.within) {
        if (!person.dn || !person.dn->is_within(*mapping.within)) return std::nullopt;
        why.within = rule.within;
    }
    return why;
}

mapping_index::mapping_index(const std::map<std::string, mapping>& mappings) {
    compiled_.reserve(mappings.size());
    for (const auto& [id, rule] : mappings) {
        const auto index = compiled_.size();
        const auto& compiled = compiled_.emplace_back(compile_one(rule));
        if (!compiled.group_key.empty()) {
            by_key_[compiled.group_by_dn ? dn_key(compiled.group_key)
                                         : name_key(compiled.group_key)]
                .push_back(index);
        } else if (!compiled.attribute.empty()) {
            by_key_[attribute_key(compiled.attribute, compiled.attribute_value)].push_back(index);
        } else if (compiled.within) {
            by_key_[place_key(compiled.within->normalised())].push_back(index);
            any_place_ = true;
        }
    }
}

std::string mapping_index::attribute_key(const std::string& name, const std::string& value) {
    return "a" + name + "=" + value;
}

}  // namespace kommpass::policies
