#include "idp/gateway/path_rules.hpp"

#include "config/vocabulary/ascii_case.hpp"
#include "idp/gateway/requested_path.hpp"
#include "policies/gateway_entry.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace kommpass::idp::gateway {
namespace {

// "/admin/" covers itself, "/admin" and all below; "/health" just that.
template <class Same>
bool covers(std::string_view rule, std::string_view path, Same same) {
    if (!rule.ends_with('/')) return same(rule, path);
    if (path.size() + 1 == rule.size()) return same(rule.substr(0, path.size()), path);
    return path.size() >= rule.size() && same(rule, path.substr(0, rule.size()));
}

bool same_folded(std::string_view rule, std::string_view folded) {
    return equals_ignoring_case(rule, folded);
}

bool same_letters(std::string_view rule, std::string_view literal) { return rule == literal; }

bool holds_for_path(const policies::gateway_rule& rule, const requested_path& path) {
    // "/health" protects what a lax application takes for it: "/health/".
    auto folded = std::string_view(path.folded);
    if (!rule.open && !rule.path.ends_with('/') && folded.size() > 1 && folded.ends_with('/'))
        folded.remove_suffix(1);
    if (!covers(rule.path, folded, same_folded)) return false;
    if (!rule.open) return true;
    // Nothing in it that folding took away: the application sees just this path.
    return equals_ignoring_case(path.literal, path.folded) &&
           covers(rule.path, std::string_view(path.literal), same_letters);
}

bool holds_for_method(const policies::gateway_rule& rule, std::string_view method) {
    if (equals_ignoring_case(method, "HEAD")) method = "GET";
    return rule.methods.empty() ||
           std::any_of(rule.methods.begin(), rule.methods.end(),
                       [&](const auto& one) { return equals_ignoring_case(one, method); });
}

}  // namespace

const policies::gateway_rule* rule_for(const policies::gateway_entry& entry,
                                       const requested_path& path, std::string_view method) {
    const auto weight = [](const policies::gateway_rule& rule) {
        return std::tuple(rule.path.size(), !rule.methods.empty());
    };
    const policies::gateway_rule* best = nullptr;
    for (const auto& rule : entry.rules) {
        if (!holds_for_path(rule, path) || !holds_for_method(rule, method)) continue;
        if (best == nullptr || weight(rule) > weight(*best)) best = &rule;
    }
    return best;
}

}  // namespace kommpass::idp::gateway
