// A registry folder is what it says, whole: what is no document is named, and never left out.
#include "idp/registry/registry_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace kommpass;
using idp::registry::read_folder;

namespace {

struct registry_folder {
    fs::path path;
    registry_folder() {
        auto name = (fs::temp_directory_path() / "kommpass-registry-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
        path = name;
        put("members/eins.toml", "slug = \"eins\"\n");
        put("members/zwei.toml", "slug = \"zwei\"\n");
    }
    ~registry_folder() { fs::remove_all(path); }
    registry_folder(const registry_folder&) = delete;

    void put(const std::string& file, const std::string& text) const {
        fs::create_directories((path / file).parent_path());
        std::ofstream(path / file) << text;
    }
    // Every mistake as one line each.
    [[nodiscard]] std::string mistakes() const {
        const auto read = read_folder(path);
        std::string lines;
        if (!read) {
            for (const auto& one : read.error()) lines += one.to_string() + "\n";
        }
        return lines;
    }
};

}  // namespace

TEST_CASE("a document under a name that is none refuses the folder") {
    const registry_folder folder;
    REQUIRE(folder.mistakes().empty());
    for (const auto* name : {"zwei.TOML", "zwei.toml.bak", "zwei.tml", "zwei"}) {
        CAPTURE(name);
        fs::rename(folder.path / "members/zwei.toml", folder.path / "members" / name);
        CHECK(folder.mistakes().find(std::string("members/") + name) != std::string::npos);
        fs::rename(folder.path / "members" / name, folder.path / "members/zwei.toml");
        CHECK(folder.mistakes().empty());
    }
}

TEST_CASE("a folder that is none of the registry's refuses it, wherever it lies") {
    for (const auto* file : {"Members/drei.toml", "mapping/eins.toml", "members/alt/drei.toml",
                             "drei.toml", "grants"}) {
        CAPTURE(file);
        const registry_folder folder;
        folder.put(file, "slug = \"drei\"\n");
        CHECK_FALSE(folder.mistakes().empty());
    }
}

TEST_CASE("a document that leads nowhere refuses the folder") {
    const registry_folder folder;
    fs::create_symlink("/nowhere/at/all.toml", folder.path / "members/drei.toml");
    CHECK(folder.mistakes().find("members/drei.toml") != std::string::npos);
}

TEST_CASE("what people and a version control system keep beside it is let be") {
    const registry_folder folder;
    folder.put("README.md", "# Registry\n");
    folder.put("members/README.md", "# Members\n");
    folder.put(".git/config", "[core]\n");
    folder.put(".gitlab-ci.yml", "check:\n");
    CHECK(folder.mistakes().empty());
}

TEST_CASE("a folder that is not there is said, not an empty registry") {
    const registry_folder folder;
    const auto read = read_folder(folder.path / "other");
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().front().to_string().find("other") != std::string::npos);
}
