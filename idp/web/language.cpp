#include "idp/web/language.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace kommpass::idp::web {
namespace {

// "en-GB" means English.
std::optional<language> language_tagged(std::string_view tag) {
    const auto primary = tag.substr(0, tag.find('-'));
    for (const auto& [name, one] : language_tags) {
        const bool same = std::equal(
            primary.begin(), primary.end(), name.begin(), name.end(), [](char a, char b) {
                return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
            });
        if (same) return one;
    }
    return std::nullopt;
}

// The first of a list that we have, in the order in which the person wrote it. Weights ("q=0.8")
// are not weighed: browsers send the list in order.
std::optional<language> first_known(std::string_view list, char separator) {
    while (!list.empty()) {
        const auto end = std::min(list.find(separator), list.size());
        auto one = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
        if (const auto known = language_tagged(one.substr(0, one.find(';')))) return known;
    }
    return std::nullopt;
}

}  // namespace

std::string_view tag_of(language wanted) noexcept {
    for (const auto& [name, one] : language_tags) {
        if (one == wanted) return name;
    }
    return "de";
}

language choose_language(std::string_view ui_locales, std::string_view cookie,
                         std::string_view accept_language) {
    if (const auto chosen = language_tagged(cookie)) return *chosen;
    if (const auto wished = first_known(ui_locales.substr(0, 200), ' ')) return *wished;
    if (const auto accepted = first_known(accept_language.substr(0, 200), ',')) return *accepted;
    return language::de;
}

}  // namespace kommpass::idp::web
