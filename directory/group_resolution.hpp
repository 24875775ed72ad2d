#pragma once

#include "config/vocabulary/distinguished_name.hpp"
#include "config/vocabulary/identity.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::directory {

// Names as `group_membership` has them.
struct found_group {
    std::string dn;
    std::string name;
    std::vector<std::string> other_names{};
};

// Walks from a person's direct groups to those that contain them, level by level, to a bounded
// depth; cycles and diamonds end by themselves. Pure: whoever drives it asks the directory for the
// parents of `next_level()` and hands each group's to `add_parents`. Only groups inside `base`
// count, or are followed: whatever a person's memberOf, a primary group or a server's answer names
// besides, others than those who keep the member's groups may have made.
class group_resolution {
public:
    // `base`: a DN, the member's `group_base`; where it is empty no group counts.
    group_resolution(std::vector<found_group> direct, int depth, std::string_view base);

    // Groups whose parents are wanted now; empty when all is known.
    [[nodiscard]] std::vector<found_group> next_level();
    void add_parents(const found_group& child, const std::vector<found_group>& parents);
    // The group's entry was read: its names in place of what its DN alone has told. Before its
    // parents are added.
    void take_names(found_group);

    // Sorted by DN.
    [[nodiscard]] std::vector<group_membership> memberships() const;
    [[nodiscard]] bool cut_off() const noexcept { return cut_off_; }

    static constexpr std::size_t most_groups = 5000;

private:
    struct known_group {
        found_group group;
        std::vector<std::string> path;
    };
    void add(found_group, std::vector<std::string> path);
    [[nodiscard]] known_group* find(const std::string& dn);

    std::optional<distinguished_name> base_;
    int levels_left_;
    std::vector<known_group> known_;
    std::size_t asked_ = 0;                    // of known_: their parents were handed out
    std::map<std::string, std::size_t> seen_;  // of known_, by normalised DN
    bool cut_off_ = false;
};

}  // namespace kommpass::directory
