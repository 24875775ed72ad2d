#include "idp/oauth/scope.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

// NQCHAR of RFC 6749, appendix A.4
bool scope_character(char c) noexcept {
    return c == 0x21 || (c >= 0x23 && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
}

}  // namespace

std::optional<scope_list> parse_scope(std::string_view text) {
    scope_list scopes;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const auto one = text.substr(at, end - at);
        if (!std::all_of(one.begin(), one.end(), scope_character)) return std::nullopt;
        if (!one.empty() && !contains(scopes, one)) scopes.emplace_back(one);
        at = end + 1;
    }
    return scopes;
}

std::string to_text(const scope_list& scopes) {
    std::string text;
    for (const auto& scope : scopes) {
        if (!text.empty()) text.push_back(' ');
        text.append(scope);
    }
    return text;
}

bool contains(const scope_list& scopes, std::string_view scope) noexcept {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

scope_list only_allowed(const scope_list& asked, const scope_list& allowed) {
    scope_list granted;
    for (const auto& scope : asked) {
        if (contains(allowed, scope)) granted.push_back(scope);
    }
    return granted;
}

bool is_subset(const scope_list& narrower, const scope_list& wider) noexcept {
    return std::all_of(narrower.begin(), narrower.end(),
                       [&](const std::string& scope) { return contains(wider, scope); });
}

}  // namespace kommpass::idp::oauth
