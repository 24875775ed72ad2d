#include "directory/value_range.hpp"

#include <charconv>

namespace kommpass::directory {
namespace {

constexpr std::string_view mark = ";range=";

// The end of "0-1499"; nothing for "1500-*" and for what is no range.
std::optional<std::size_t> end_of(std::string_view range) {
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto digits = range.substr(dash + 1);
    std::size_t end = 0;
    const auto [stopped, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), end);
    if (error != std::errc() || stopped != digits.data() + digits.size()) return std::nullopt;
    return end;
}

}  // namespace

std::optional<open_range> take_open_range(ldap_entry& entry) {
    for (auto at = entry.attributes.begin(); at != entry.attributes.end(); ++at) {
        const auto place = at->first.find(mark);
        if (place == std::string::npos) continue;
        const auto attribute = at->first.substr(0, place);
        const auto end = end_of(std::string_view(at->first).substr(place + mark.size()));
        auto values = std::move(at->second);
        entry.attributes.erase(at);
        auto& kept = entry.attributes[attribute];
        for (auto& value : values) kept.push_back(std::move(value));
        if (end) return open_range{attribute, *end + 1};
        return take_open_range(entry);
    }
    return std::nullopt;
}

bool add_range(ldap_entry& into, const std::string& attribute, const ldap_entry& part) {
    const auto prefix = attribute + std::string(mark);
    for (const auto& [name, values] : part.attributes) {
        if (!name.starts_with(prefix) || values.empty()) continue;
        // Stays under its ranged name, which says whether it is the last.
        into.attributes[name] = values;
        return true;
    }
    return false;
}

}  // namespace kommpass::directory
