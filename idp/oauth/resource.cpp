#include "idp/oauth/resource.hpp"

#include "idp/http/form.hpp"
#include "policies/registry.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view parameter = "resource";
constexpr std::string_view exchange_audience = "audience";  // RFC 8693, 2.1

bool is_one_of(std::string_view one, const std::vector<std::string>& all) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

// RFC 3986, 4.3: a scheme and something after it.
bool is_absolute_uri(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    const auto is_alpha = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
    const auto in_scheme = [&](char c) {
        return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    const auto scheme = text.substr(0, colon);
    return is_alpha(scheme[0]) && std::all_of(scheme.begin(), scheme.end(), in_scheme) &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }) &&
           text.find('#') == std::string_view::npos;
}

}  // namespace

resource_list resources_in(const http::form& form) {
    resource_list all;
    for (const auto& [name, value] : form.all()) {
        if (name == parameter && !value.empty() && !is_one_of(value, all)) all.push_back(value);
    }
    return all;
}

bool repeats_another(const http::form& form) {
    const auto& pairs = form.all();
    for (auto i = pairs.begin(); i != pairs.end(); ++i) {
        if (i->first == parameter || i->first == exchange_audience) continue;
        if (std::any_of(pairs.begin(), i, [&](const auto& one) { return one.first == i->first; }))
            return true;
    }
    return false;
}

bool are_allowed(const resource_list& asked, const resource_list& granted,
                 const policies::client& client) {
    const auto& known = granted.empty() ? client.audiences : granted;
    return std::all_of(asked.begin(), asked.end(), [&](const std::string& one) {
        return is_absolute_uri(one) && is_one_of(one, known);
    });
}

}  // namespace kommpass::idp::oauth
