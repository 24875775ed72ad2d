#pragma once

#include "config/vocabulary/directory_settings.hpp"
#include "policies/snapshot.hpp"

#include <map>

namespace kommpass::idp::service {

// Every member's directory, as the directory clients take them.
[[nodiscard]] inline std::map<member_slug, directory_settings> directories_of(
    const policies::snapshot& registry) {
    std::map<member_slug, directory_settings> all;
    for (const auto& [slug, member] : registry.documents().members)
        all.emplace(slug, member.directory);
    return all;
}

}  // namespace kommpass::idp::service
