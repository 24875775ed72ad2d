#include "config/toml_section.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace kommpass::config {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

const toml::table& as_table(const void* table) { return *static_cast<const toml::table*>(table); }

// A dotted key makes a table in a table for each dot, and toml++ walks them by recursion. Keys
// cannot span lines.
std::optional<unsigned> line_with_endless_key(std::string_view text) {
    constexpr unsigned most_dots = 1000;
    unsigned line = 1;
    unsigned dots = 0;
    for (const char c : text) {
        if (c == '\n') {
            ++line;
            dots = 0;
        } else if (c == '.' && ++dots > most_dots) {
            return line;
        }
    }
    return std::nullopt;
}

unsigned line_of(const toml::node& node) { return static_cast<unsigned>(node.source().begin.line); }

std::string list_of(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "\"" : ", \"") + word + "\"";
    return list;
}

}  // namespace

struct toml_section::document {
    toml::table root;
    std::string file;
    mistakes& wrong;
};

toml_section::toml_section(std::shared_ptr<const document> whole, const void* table,
                           std::string path)
    : document_(std::move(whole)), table_(table), path_(std::move(path)) {}
toml_section::toml_section(toml_section&&) noexcept = default;
toml_section::~toml_section() = default;

toml_section toml_section::parse(std::string_view text, std::string file, mistakes& wrong) {
    toml::table root;
    if (text.size() > largest_file) {
        wrong.push_back({file, 0, "the file is larger than 1 MiB"});
    } else if (const auto line = line_with_endless_key(text)) {
        wrong.push_back({file, *line, "more than 1000 dots in one line"});
    } else {
        try {
            root = toml::parse(text, file);
        } catch (const toml::parse_error& error) {
            wrong.push_back({file, static_cast<unsigned>(error.source().begin.line),
                             std::string(error.description())});
        }
    }
    auto whole =
        std::make_shared<const document>(document{std::move(root), std::move(file), wrong});
    const auto* table = &whole->root;
    return {std::move(whole), table, {}};
}

bool toml_section::has(std::string_view key) const { return as_table(table_).contains(key); }

void toml_section::mistake(std::string_view key, std::string text) {
    const auto& table = as_table(table_);
    const auto* node = table.get(key);
    document_->wrong.push_back(
        {document_->file, node != nullptr ? line_of(*node) : line_of(table), std::move(text)});
}

std::optional<std::string> toml_section::text(std::string_view key) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto* value = node->as_string()) return value->get();
    mistake(key, "\"" + std::string(key) + "\" must be a text in quotes");
    return std::nullopt;
}

void toml_section::read(std::string_view key, std::string& value) {
    if (auto found = text(key)) value = std::move(*found);
}

void toml_section::read(std::string_view key, bool& value) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return;
    if (const auto* found = node->as_boolean())
        value = found->get();
    else
        mistake(key, "\"" + std::string(key) + "\" must be true or false");
}

void toml_section::read(std::string_view key, std::vector<std::string>& value) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    const bool all_texts =
        list != nullptr &&
        std::all_of(list->begin(), list->end(), [](const auto& one) { return one.is_string(); });
    if (!all_texts)
        return mistake(key,
                       "\"" + std::string(key) + "\" must be a list of texts: [\"...\", \"...\"]");
    value.clear();
    for (const auto& one : *list) value.push_back(one.as_string()->get());
}

std::optional<long long> toml_section::number(std::string_view key, unsigned long long least,
                                              unsigned long long most) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return std::nullopt;
    const auto* found = node->as_integer();
    const bool within = found != nullptr && found->get() >= 0 &&
                        static_cast<unsigned long long>(found->get()) >= least &&
                        static_cast<unsigned long long>(found->get()) <= most;
    if (within) return found->get();
    mistake(key, "\"" + std::string(key) + "\" must be a whole number from " +
                     std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
}

void toml_section::read_int(std::string_view key, int& value, int least, int most) {
    const auto found =
        number(key, static_cast<unsigned long long>(least), static_cast<unsigned long long>(most));
    if (found) value = static_cast<int>(*found);
}

std::optional<std::chrono::milliseconds> toml_section::duration(std::string_view key,
                                                                std::chrono::milliseconds least,
                                                                std::chrono::milliseconds most) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return std::nullopt;
    const auto* written = node->as_string();
    const auto found = written != nullptr ? parse_duration(written->get()) : std::nullopt;
    if (found && *found >= least && *found <= most) return found;
    mistake(key, "\"" + std::string(key) +
                     "\" must be a duration with its unit (ms, s, m, h, d), from \"" +
                     duration_text(least) + "\" to \"" + duration_text(most) + "\"");
    return std::nullopt;
}

void toml_section::read_size(std::string_view key, std::size_t& value, std::size_t least,
                             std::size_t most) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return;
    const auto* written = node->as_string();
    const auto found = written != nullptr ? parse_size(written->get()) : std::nullopt;
    if (found && *found >= least && *found <= most) {
        value = *found;
        return;
    }
    mistake(key, "\"" + std::string(key) + "\" must be a size in quotes, such as \"16KiB\", from " +
                     std::to_string(least) + " to " + std::to_string(most) + " bytes");
}

std::optional<std::string> toml_section::word_among(std::string_view key,
                                                    const std::vector<std::string>& known) {
    auto found = text(key);
    if (!found || std::find(known.begin(), known.end(), *found) != known.end()) return found;
    const auto nearest = nearest_word(*found, known);
    mistake(key,
            "unknown " + std::string(key) + " \"" + *found + "\"; " +
                (nearest ? "did you mean \"" + *nearest + "\"?" : "known are " + list_of(known)));
    return std::nullopt;
}

std::optional<toml_section> toml_section::section(std::string_view key) {
    asked_.emplace(key);
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto* table = node->as_table()) {
        return toml_section(document_, table,
                            path_.empty() ? std::string(key) : path_ + "." + std::string(key));
    }
    mistake(key, "\"" + std::string(key) + "\" must be a table: [" + std::string(key) + "]");
    return std::nullopt;
}

std::vector<toml_section> toml_section::sections(std::string_view key) {
    asked_.emplace(key);
    std::vector<toml_section> all;
    const auto* node = as_table(table_).get(key);
    if (node == nullptr) return all;
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
        mistake(key, "\"" + std::string(key) + "\" must be tables: [[" + std::string(key) + "]]");
        return all;
    }
    for (const auto& one : *list)
        all.push_back(toml_section(document_, one.as_table(), path_ + std::string(key)));
    return all;
}

void toml_section::no_more_keys() {
    const std::vector<std::string> known(asked_.begin(), asked_.end());
    for (const auto& [key, node] : as_table(table_)) {
        if (asked_.contains(key.str())) continue;
        const auto nearest = nearest_word(key.str(), known);
        document_->wrong.push_back({document_->file, static_cast<unsigned>(key.source().begin.line),
                                    "unknown key \"" + std::string(key.str()) + "\"" +
                                        (nearest ? "; did you mean \"" + *nearest + "\"?" : "")});
    }
}

}  // namespace kommpass::config
