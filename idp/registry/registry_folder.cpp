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

std::vector<fs::path> toml_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto* name : subfolders) {
        std::error_code missing;
        for (const auto& entry : fs::directory_iterator(folder / name, missing)) {
            if (entry.is_regular_file() && entry.path().extension() == ".toml")
                files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

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
    for (const auto& file : toml_files(folder)) {
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
    for (const auto& file : toml_files(folder)) {
        if (!kept.contains(file)) fs::remove(file);
    }
    return {};
}

}  // namespace kommpass::idp::registry
