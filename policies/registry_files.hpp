#pragma once

#include "config/settings.hpp"
#include "policies/registry.hpp"
#include "policies/snapshot.hpp"

#include <string>
#include <string_view>
#include <vector>

// Registry documents as text. Pure: the caller reads and writes the files.
namespace kommpass::policies {

struct source_file {
    std::string path;  // relative to the folder: "members/lebus.toml", "applications/dms.toml",
                       // "mappings/lebus.toml"
    std::string text;
};

// Every mistake of every file, with file, line and remedy.
[[nodiscard]] result<registry, config::mistakes> read_registry(const std::vector<source_file>&);
// Byte-stable: equal registries give equal files; reading them back gives the equal registry.
[[nodiscard]] std::vector<source_file> write_registry(const registry&);

// The canonical JSON that a revision keeps, and back. Strict: unknown members are refused.
[[nodiscard]] std::string to_json(const registry&);
[[nodiscard]] result<registry, std::string> from_json(std::string_view);

// Folders that say nothing of single persons leave them as they are: takes over grants and
// exceptions of members that stay, and every withdrawal, since these outlive their member.
void keep_personal_documents(const registry& current, registry& wanted);

// One line for each difference, readable: `mappings/lebus-meldeamt: roles: + dms.bearbeiten`.
[[nodiscard]] std::vector<std::string> difference(const registry& before, const registry& after);

// Judges the whole (a mapping to a role that does not exist, two members with one domain, a
// redirect URI with a fragment, a public client without PKCE, ...) and compiles it. `file` of a
// mistake is the document: "mappings/lebus".
[[nodiscard]] result<snapshot_ptr, config::mistakes> compile(registry, long long revision,
                                                             authorships = {});
// The same for a revision that was stored, perhaps by an earlier version: what reaches beyond its
// member (`validate_reach`) is let in, and gives nothing.
[[nodiscard]] result<snapshot_ptr, config::mistakes> compile_stored(registry, long long revision,
                                                                    authorships = {});

}  // namespace kommpass::policies
