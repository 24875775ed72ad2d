// Durations, sizes and near words, as they stand in files.
#include "config/toml_section.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kommpass::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, long long>, 5> duration_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<std::pair<std::string_view, std::size_t>, 4> size_units{
    {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}}};

constexpr long long largest_number = 1'000'000'000;

// A number at the front and the unit behind it; nothing for signs, spaces and fractions.
std::optional<std::pair<long long, std::string_view>> number_with_unit(std::string_view text) {
    long long number = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || number > largest_number) return std::nullopt;
    return std::pair{number, text.substr(static_cast<std::size_t>(stopped - text.data()))};
}

// Damerau-Levenshtein distance with adjacent transpositions; the words are short.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

constexpr std::size_t longest_word = 64;

}  // namespace

std::optional<std::string> nearest_word(std::string_view mistyped,
                                        const std::vector<std::string>& known) {
    if (mistyped.size() > longest_word) return std::nullopt;
    const std::string* best = nullptr;
    std::size_t best_distance = std::max<std::size_t>(mistyped.size() / 3, 1) + 1;
    for (const auto& word : known) {
        if (word.size() > longest_word) continue;
        const auto far = distance(mistyped, word);
        // A key that begins as the right one does was more likely cut short than mistyped.
        const bool is_beginning =
            mistyped.size() >= 4 && (word.starts_with(mistyped) || mistyped.starts_with(word));
        const auto judged = is_beginning ? std::min<std::size_t>(far, 1) : far;
        if (judged < best_distance) {
            best_distance = judged;
            best = &word;
        }
    }
    return best != nullptr ? std::optional(*best) : std::nullopt;
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    const auto parts = number_with_unit(text);
    if (!parts) return std::nullopt;
    for (const auto& [unit, factor] : duration_units) {
        if (parts->second == unit) return milliseconds(parts->first * factor);
    }
    return std::nullopt;
}

std::string duration_text(milliseconds duration) {
    const auto count = duration.count();
    for (auto unit = duration_units.rbegin(); unit != duration_units.rend(); ++unit) {
        if (count != 0 && count % unit->second == 0)
            return std::to_string(count / unit->second) + std::string(unit->first);
    }
    return "0s";
}

std::optional<std::size_t> parse_size(std::string_view text) {
    const auto parts = number_with_unit(text);
    if (!parts) return std::nullopt;
    for (const auto& [unit, factor] : size_units) {
        if (parts->second == unit) return static_cast<std::size_t>(parts->first) * factor;
    }
    return std::nullopt;
}

std::string mistake::to_string() const {
    const auto place = line > 0 ? file.string() + ":" + std::to_string(line) : file.string();
    return place + ": " + text;
}

}  // namespace kommpass::config
