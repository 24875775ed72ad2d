#include "idp/registry/registry_folder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

namespace kommpass::idp::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = 1024 * 1024;
constexpr std::array<const char*, 5> subfolders{"members", "applications", "mappings", "grants",
                                                "constraints"};

// What people keep beside the documents: a README, what a version control system needs.
bool is_peoples_own(const fs::path& path) {
    const auto name = path.filename().string();
    return name.starts_with('.') || path.extension() == ".md";
}

bool is_known_folder(const std::string& name) {
    return std::find(subfolders.begin(), subfolders.end(), name) != subfolders.end();
}

std::string known_folders() {
    std::string text;
    for (const auto* name : subfolders) text += std::string(text.empty() ? "" : ", ") + name + "/";
    return text;
}

// A folder's entries in the order of their names. False where it cannot be read: what is not seen
// would be taken for gone.
bool list(const fs::path& folder, std::vector<fs::path>& into) {
    std::error_code error;
    fs::directory_iterator at(folder, error);
    for (const fs::directory_iterator end; !error && at != end; at.increment(error))
        into.push_back(at->path());
    std::sort(into.begin(), into.end());
    return !error;
}

// Every document of the folder. What is no document is a mistake and not left out: a file that was
// renamed by accident ("zwei.TOML") would otherwise be a member that goes.
class folder_reader {
public:
    folder_reader(const fs::path& folder, config::mistakes& wrong)
        : folder_(folder), wrong_(wrong) {}

    std::vector<fs::path> documents() {
        std::vector<fs::path> entries;
        if (!list(folder_, entries)) {
            say(folder_, "cannot be read; check that it is there, its owner and mode");
            return {};
        }
        for (const auto& entry : entries) look_at_top(entry);
        return std::move(found_);
    }

private:
    void look_at_top(const fs::path& entry) {
        if (is_peoples_own(entry)) return;
        std::error_code error;
        const bool known = is_known_folder(entry.filename().string());
        if (known && fs::is_directory(entry, error)) return look_below(entry);
        say(entry, "is none of " + known_folders() + "; rename it, or take it out of the registry");
    }

    void look_below(const fs::path& folder) {
        std::vector<fs::path> entries;
        if (!list(folder, entries)) say(folder, "cannot be read; check its owner and mode");
        for (const auto& entry : entries) {
            if (is_peoples_own(entry)) continue;
            std::error_code error;
            if (entry.extension() == ".toml" && fs::is_regular_file(entry, error))
                found_.push_back(entry);
            else
                say(entry,
                    "is no file that ends in \".toml\"; rename it, or take it out of the "
                    "registry");
        }
    }

    void say(const fs::path& place, std::string text) {
        wrong_.push_back({place, 0, std::move(text)});
    }

    const fs::path& folder_;
    config::mistakes& wrong_;
    std::vector<fs::path> found_;
};

result<void, std::string> write_file(const fs::path& file, const std::string& text) {
    const fs::path beside = file.string() + ".new";
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out << text;
        out.close();
        if (!out) return "cannot write " + beside.string() + "; is the folder writable?";
    }
    fs::rename(beside, file, error);
    if (error) return "cannot replace " + file.string() + ": " + error.message();
    return {};
}

}  // namespace

result<std::vector<policies::source_file>, config::mistakes> read_folder(const fs::path& folder) {
    config::mistakes wrong;
    std::vector<policies::source_file> sources;
    for (const auto& file : folder_reader(folder, wrong).documents()) {
        const auto relative = fs::relative(file, folder).generic_string();
        std::error_code error;
        if (fs::file_size(file, error) > largest_file) {
            wrong.push_back({file, 0, "the file is larger than 1 MiB; split it"});
            continue;
        }
        std::ifstream in(file, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        if (!in)
            wrong.push_back({file, 0, "the file cannot be read; check its owner and mode"});
        else
            sources.push_back({relative, std::move(text)});
    }
    if (sources.empty() && wrong.empty()) {
        wrong.push_back(
            {folder, 0, "no registry here: expected members/*.toml and applications/*.toml"});
    }
    if (!wrong.empty()) return wrong;
    return sources;
}

result<void, std::string> write_folder(const fs::path& folder,
                                       const std::vector<policies::source_file>& files) {
    std::set<fs::path> kept;
    for (const auto& file : files) {
        const auto path = folder / file.path;
        kept.insert(path);
        if (auto written = write_file(path, file.text); !written) return written.error();
    }
    config::mistakes left_alone;
    for (const auto& file : folder_reader(folder, left_alone).documents()) {
        if (!kept.contains(file)) fs::remove(file);
    }
    return {};
}

}  // namespace kommpass::idp::registry
