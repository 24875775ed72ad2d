#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/registry/registry_folder.hpp"

#include <iostream>

namespace kommpass::idp::commands {

int check(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    std::cout << file.string() << ": settings are right; issuer " << settings->issuer << '\n';
    if (settings->registry_folder.empty()) return 0;

    const auto sources = registry::read_folder(settings->registry_folder);
    if (!sources) {
        print(sources.error());
        return 1;
    }
    auto documents = policies::read_registry(*sources);
    if (!documents) {
        print(documents.error());
        return 1;
    }
    const auto compiled = policies::compile(std::move(*documents), 0);
    if (!compiled) {
        print(compiled.error());
        return 1;
    }
    const auto& registry = (*compiled)->documents();
    std::cout << settings->registry_folder.string() << ": registry is right; "
              << registry.members.size() << " members, " << registry.applications.size()
              << " applications, " << registry.mappings.size() << " mappings\n";
    return 0;
}

}  // namespace kommpass::idp::commands
