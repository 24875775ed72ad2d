#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::config {

// The nearest of `known` to a mistyped word (Damerau-Levenshtein); nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view mistyped,
                                                      const std::vector<std::string>& known);

// "3s", "500ms", "10m", "2h", "30d". Nothing for any other form.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The largest unit that loses nothing: "90s", "2h".
[[nodiscard]] std::string duration_text(std::chrono::milliseconds);
// "512", "16KiB", "1MiB". Nothing for any other form.
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text);

// One table of a TOML file, read strictly: every read marks its key, a value of the wrong type or
// out of bounds is a mistake with file and line, and `no_more_keys` reports what nobody asked for,
// with the nearest right key. A key that is absent leaves the value as it was. Not thread-safe;
// refers to its document.
class toml_section {
public:
    // The document's root. On a syntax error the mistake is noted and the section is empty. At most
    // 1 MiB.
    static toml_section parse(std::string_view text, std::string file, mistakes&);
    toml_section(toml_section&&) noexcept;
    ~toml_section();

    [[nodiscard]] bool has(std::string_view key) const;
    void read(std::string_view key, std::string&);
    void read(std::string_view key, bool&);
    void read(std::string_view key, std::vector<std::string>&);
    template <std::unsigned_integral Number>
    void read(std::string_view key, Number& value, Number least, Number most) {
        if (const auto found = number(key, least, most)) value = static_cast<Number>(*found);
    }
    void read_int(std::string_view key, int& value, int least, int most);
    template <class Duration>
    void read(std::string_view key, Duration& value, Duration least, Duration most) {
        const auto found = duration(key, least, most);
        if (found) value = std::chrono::duration_cast<Duration>(*found);
    }
    void read_size(std::string_view key, std::size_t& value, std::size_t least, std::size_t most);
    // `words`: a range of pairs of word and value.
    template <class Enum, class Words = std::initializer_list<std::pair<std::string_view, Enum>>>
    void read_word(std::string_view key, Enum& value, const Words& words) {
        std::vector<std::string> known;
        for (const auto& [word, one] : words) known.emplace_back(word);
        const auto found = word_among(key, known);
        if (!found) return;
        for (const auto& [word, one] : words) {
            if (word == *found) value = one;
        }
    }

    // A table below this one; nothing if absent.
    [[nodiscard]] std::optional<toml_section> section(std::string_view key);
    // An array of tables; empty if absent.
    [[nodiscard]] std::vector<toml_section> sections(std::string_view key);

    // Notes a mistake at the key's line, or at the section's if there is no such key.
    void mistake(std::string_view key, std::string text);
    void no_more_keys();

private:
    struct document;
    toml_section(std::shared_ptr<const document>, const void* table, std::string path);
    [[nodiscard]] std::optional<long long> number(std::string_view key, unsigned long long least,
                                                  unsigned long long most);
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string_view key,
                                                                    std::chrono::milliseconds least,
                                                                    std::chrono::milliseconds most);
    [[nodiscard]] std::optional<std::string> word_among(std::string_view key,
                                                        const std::vector<std::string>&);
    [[nodiscard]] std::optional<std::string> text(std::string_view key);

    std::shared_ptr<const document> document_;
    const void* table_;  // a table of the document; its type stays out of this header
    std::string path_;   // "listen.tls"
    std::set<std::string, std::less<>> asked_;
};

}  // namespace kommpass::config
