#include "directory/group_resolution.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace kommpass::directory;

namespace {

found_group group(const std::string& name) { return {"cn=" + name + ",dc=x", name}; }

// Drives the resolution as a directory of these parents would.
group_resolution resolved(std::vector<std::string> direct,
                          const std::map<std::string, std::vector<std::string>>& parents,
                          int depth) {
    std::vector<found_group> first;
    for (const auto& name : direct) first.push_back(group(name));
    group_resolution groups(first, depth, "dc=x");
    for (auto level = groups.next_level(); !level.empty(); level = groups.next_level()) {
        for (const auto& child : level) {
            std::vector<found_group> found;
            if (const auto known = parents.find(child.name); known != parents.end()) {
                for (const auto& name : known->second) found.push_back(group(name));
            }
            groups.add_parents(child, found);
        }
    }
    return groups;
}

std::map<std::string, std::vector<std::string>> paths(const group_resolution& groups) {
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& one : groups.memberships()) all.emplace(one.name, one.path);
    return all;
}

}  // namespace

TEST_CASE("groups in groups are found with the way to them, nearest first") {
    const auto found = paths(resolved(
        {"Meldeamt"}, {{"Meldeamt", {"Buergerservice"}}, {"Buergerservice", {"Alle"}}}, 8));
    CHECK(found.at("Meldeamt").empty());
    CHECK(found.at("Buergerservice") == std::vector<std::string>{"Meldeamt"});
    CHECK(found.at("Alle") == std::vector<std::string>{"Meldeamt", "Buergerservice"});
}

TEST_CASE("cycles and diamonds end by themselves") {
    const auto found = paths(resolved(
        {"a"}, {{"a", {"b", "c"}}, {"b", {"d", "a"}}, {"c", {"d"}}, {"d", {"a", "d"}}}, 32));
    CHECK(found.size() == 4);
    CHECK(found.at("d") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("depth is bounded; 0 means direct groups only") {
    const std::map<std::string, std::vector<std::string>> chain{
        {"a", {"b"}}, {"b", {"c"}}, {"c", {"d"}}};
    CHECK(paths(resolved({"a"}, chain, 0)).size() == 1);
    CHECK(paths(resolved({"a"}, chain, 2)).size() == 3);
}

TEST_CASE("a group that is named twice in different spelling is one") {
    group_resolution groups({{"cn=A,dc=x", "A"}, {"CN=a, DC=X", "a"}}, 1, "dc=x");
    CHECK(groups.memberships().size() == 1);
}

TEST_CASE("more groups than anybody needs are cut off, and it is said") {
    std::vector<found_group> many;
    for (std::size_t i = 0; i <= group_resolution::most_groups; ++i)
        many.push_back(group("g" + std::to_string(i)));
    const group_resolution groups(many, 1, "dc=x");
    CHECK(groups.cut_off());
    CHECK(groups.memberships().size() == group_resolution::most_groups);
}

TEST_CASE(
    "groups outside of the base neither count nor lead to one, however their names are made") {
    const std::string base = "OU=Groups, DC=lebus,DC=example";
    const std::vector<found_group> direct{
        {"cn=in,ou=groups,dc=lebus,dc=example", "in"},
        {"cn=deep,ou=a,OU=groups,dc=Lebus,dc=example", "deep"},
        {"cn=own,ou=people,dc=lebus,dc=example", "own"},
        {"cn=suffix,xou=groups,dc=lebus,dc=example", "suffix"},
        {"cn=escaped\\,ou\\=groups\\,dc\\=lebus\\,dc\\=example", "escaped"},
        {"cn=neighbour,ou=groups,dc=cottbus,dc=example", "neighbour"},
        {"ou=groups,dc=lebus,dc=example,dc=evil", "longer"},
        {"no name at all", "none"},
        {"", "root"}};
    group_resolution groups(direct, 8, base);
    const auto level = groups.next_level();
    CHECK(level.size() == 2);
    groups.add_parents(level.front(), {{"cn=above,dc=lebus,dc=example", "above"},
                                       {"cn=parent,ou=groups,dc=lebus,dc=example", "parent"}});
    groups.add_parents(direct.at(2), {{"cn=by-own,ou=groups,dc=lebus,dc=example", "by-own"}});
    CHECK(paths(groups).size() == 3);
    CHECK(paths(groups).contains("parent"));
    CHECK(group_resolution(direct, 8, "").memberships().empty());
}
