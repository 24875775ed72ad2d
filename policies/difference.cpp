#include "policies/registry_files.hpp"

#include <algorithm>
#include <map>

namespace kommpass::policies {
namespace {

// A file's lines with the table they stand in: "client dms-web: scopes = [...]".
std::vector<std::string> placed_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::string table;
    bool names_table = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.empty()) continue;
        if (line.front() == '[') {
            const auto begin = line.find_first_not_of('[');
            table = line.substr(begin, line.find(']') - begin);
            names_table = line.starts_with("[[");
            continue;
        }
        if (names_table) {  // the first line of a listed table is its id, key or name
            table += " " + line.substr(line.find('"'));
            names_table = false;
        }
        lines.push_back(table.empty() ? line : table + ": " + line);
    }
    return lines;
}

std::map<std::string, std::string> by_path(const registry& all) {
    std::map<std::string, std::string> files;
    for (auto& file : write_registry(all)) files.emplace(file.path, std::move(file.text));
    return files;
}

// What nobody reads is told to have changed, and not how.
std::string readable(const std::string& line) {
    for (const std::string_view name :
         {"bind_password_sealed = ", "ca_certificate = ", "jwks = "}) {
        const auto at = line.find(name);
        if (at != std::string::npos) return line.substr(0, at + name.size()) + "…";
    }
    return line;
}

void append_missing(std::vector<std::string>& out, const std::string& start,
                    const std::vector<std::string>& lines, const std::vector<std::string>& others) {
    for (const auto& line : lines) {
        if (std::find(others.begin(), others.end(), line) == others.end())
            out.push_back(start + readable(line));
    }
}

std::string without_ending(const std::string& path) { return path.substr(0, path.rfind(".toml")); }

}  // namespace

std::vector<std::string> difference(const registry& before, const registry& after) {
    const auto old_files = by_path(before);
    const auto new_files = by_path(after);
    auto all = old_files;
    all.insert(new_files.begin(), new_files.end());

    std::vector<std::string> out;
    for (const auto& [path, unused] : all) {
        const auto was = old_files.find(path);
        const auto is = new_files.find(path);
        const auto old_lines =
            was == old_files.end() ? std::vector<std::string>{} : placed_lines(was->second);
        const auto new_lines =
            is == new_files.end() ? std::vector<std::string>{} : placed_lines(is->second);
        append_missing(out, without_ending(path) + ": - ", old_lines, new_lines);
        append_missing(out, without_ending(path) + ": + ", new_lines, old_lines);
    }
    return out;
}

}  // namespace kommpass::policies
