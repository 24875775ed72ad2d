// TOML files to documents.
#include "config/toml_section.hpp"
#include "policies/documents.hpp"
#include "policies/fields.hpp"
#include "policies/registry_files.hpp"

#include <algorithm>
#include <set>

namespace kommpass::policies {
namespace {

using namespace std::chrono_literals;
using config::toml_section;

// Visits the fields of one document and fills them from a section of the file.
class section_reader {
public:
    explicit section_reader(toml_section& section) : section_(section) {}

    void field(std::string_view name, std::string& value) { section_.read(name, value); }
    void field(std::string_view name, bool& value) { section_.read(name, value); }
    void field(std::string_view name, int& value) { section_.read_int(name, value, 0, 32); }
    void field(std::string_view name, std::size_t& value) {
        section_.read<std::size_t>(name, value, 1, 100'000);
    }
    void field(std::string_view name, std::vector<std::string>& value) {
        section_.read(name, value);
    }
    void field(std::string_view name, std::chrono::milliseconds& value) {
        section_.read<std::chrono::milliseconds>(name, value, 0ms, 24h * 366);
    }
    void field(std::string_view name, std::chrono::seconds& value) {
        section_.read<std::chrono::seconds>(name, value, 0s, 24h * 366);
    }
    void field(std::string_view name, std::optional<std::chrono::seconds>& value) {
        std::chrono::seconds found{-1};
        section_.read<std::chrono::seconds>(name, found, 0s, 24h * 366);
        if (found >= 0s) value = found;
    }
    void field(std::string_view name, std::optional<day>& value) {
        std::string text;
        section_.read(name, text);
        if (text.empty()) return;
        value = parse_day(text);
        if (!value)
            section_.mistake(
                name,
                "\"" + text + "\" is no day from 2000-01-01 to 9999-12-31; write \"2026-12-31\"");
    }
    template <class Tag>
    void field(std::string_view name, strong_string<Tag>& value) {
        std::string text;
        section_.read(name, text);
        value = strong_string<Tag>(std::move(text));
    }
    template <class Tag>
    void field(std::string_view name, std::optional<strong_string<Tag>>& value) {
        std::string text;
        section_.read(name, text);
        if (!text.empty()) value = strong_string<Tag>(std::move(text));
    }
    template <class Tag>
    void field(std::string_view name, std::vector<strong_string<Tag>>& value) {
        std::vector<std::string> texts;
        section_.read(name, texts);
        for (auto& text : texts) value.emplace_back(std::move(text));
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, Enum& value, const words::table<Enum, Size>& known) {
        section_.read_word(name, value, known);
    }
    template <class Enum, std::size_t Size>
    void choice(std::string_view name, std::optional<Enum>& value,
                const words::table<Enum, Size>& known) {
        if (!section_.has(name)) return;
        Enum found = known.front().second;
        section_.read_word(name, found, known);
        value = found;
    }
    template <class Inner>
    void group(std::string_view name, Inner inner) {
        auto found = section_.section(name);
        if (!found) return;
        section_reader below(*found);
        inner(below);
        found->no_more_keys();
    }

private:
    toml_section& section_;
};

void read_member(toml_section& root, registry& into) {
    member found;
    section_reader reader(root);
    fields::member(reader, found);
    std::vector<std::string> booked;
    root.read("subscriptions", booked);
    if (!root.has("slug"))
        root.mistake("slug", "\"slug\" is missing: the member's short name, such as \"lebus\"");
    for (auto& key : booked)
        into.subscriptions.push_back({found.slug, application_key(std::move(key))});
    const auto slug = found.slug;
    if (!slug.empty() && !into.members.emplace(slug, std::move(found)).second) {
        root.mistake("slug", "member \"" + slug.str() + "\" is defined twice");
    }
    root.no_more_keys();
}

void read_application(toml_section& root, registry& into) {
    application found;
    section_reader reader(root);
    fields::application(reader, found);
    for (auto& section : root.sections("role")) {
        section_reader inner(section);
        fields::role(inner, found.roles.emplace_back());
        section.no_more_keys();
    }
    for (auto& section : root.sections("client")) {
        section_reader inner(section);
        fields::client(inner, found.clients.emplace_back());
        section.no_more_keys();
    }
    for (auto& section : root.sections("gateway_rule")) {
        section_reader inner(section);
        fields::gateway_rule(inner, found.gateway.rules.emplace_back());
        section.no_more_keys();
    }
    if (!root.has("key"))
        root.mistake("key", "\"key\" is missing: the application's short name, such as \"dms\"");
    const auto key = found.key;
    if (!key.empty() && !into.applications.emplace(key, std::move(found)).second) {
        root.mistake("key", "application \"" + key.str() + "\" is defined twice");
    }
    root.no_more_keys();
}

// The tables `[[name]]` of a file, each with an id of its own.
template <class Document, class Visit>
void read_listed(toml_section& root, std::string_view name, Visit visit,
                 std::map<std::string, Document>& into) {
    for (auto& section : root.sections(name)) {
        Document found;
        section_reader reader(section);
        visit(reader, found);
        section.no_more_keys();
        const auto id = found.id;
        if (id.empty()) {
            section.mistake("id", "\"id\" is missing: a name for this " + std::string(name) +
                                      " that never changes");
        } else if (!into.emplace(id, std::move(found)).second) {
            section.mistake("id", std::string(name) + " \"" + id + "\" is defined twice");
        }
    }
}

void read_mappings(toml_section& root, registry& into) {
    read_listed(
        root, "mapping", [](auto& v, auto& d) { fields::mapping(v, d); }, into.mappings);
    root.no_more_keys();
}

void read_grants(toml_section& root, registry& into) {
    read_listed(
        root, "grant", [](auto& v, auto& d) { fields::grant(v, d); }, into.grants);
    read_listed(
        root, "withdrawal", [](auto& v, auto& d) { fields::withdrawal(v, d); }, into.withdrawals);
    read_listed(
        root, "exception", [](auto& v, auto& d) { fields::exception(v, d); }, into.exceptions);
    root.no_more_keys();
}

void read_constraints(toml_section& root, registry& into) {
    read_listed(
        root, "constraint", [](auto& v, auto& d) { fields::constraint(v, d); }, into.constraints);
    root.no_more_keys();
}

void read_one(const source_file& file, toml_section& root, registry& into,
              config::mistakes& wrong) {
    using read = void (*)(toml_section&, registry&);
    constexpr std::pair<std::string_view, read> folders[] = {{"members/", read_member},
                                                             {"applications/", read_application},
                                                             {"mappings/", read_mappings},
                                                             {"grants/", read_grants},
                                                             {"constraints/", read_constraints}};
    for (const auto& [folder, read_it] : folders) {
        if (file.path.starts_with(folder)) return read_it(root, into);
    }
    wrong.push_back({file.path, 0,
                     "belongs to none of members/, applications/, mappings/, grants/ and "
                     "constraints/"});
}

}  // namespace

result<registry, config::mistakes> read_registry(const std::vector<source_file>& files) {
    config::mistakes wrong;
    registry all;
    for (const auto& file : files) {
        const auto mistakes_before = wrong.size();
        auto root = toml_section::parse(file.text, file.path, wrong);
        if (wrong.size() > mistakes_before) continue;
        read_one(file, root, all, wrong);
    }
    sort_bookings(all.subscriptions);
    const auto doubled = std::unique(all.subscriptions.begin(), all.subscriptions.end());
    all.subscriptions.erase(doubled, all.subscriptions.end());
    if (!wrong.empty()) return wrong;
    return all;
}

}  // namespace kommpass::policies
