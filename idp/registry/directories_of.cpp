#include "idp/registry/directories_of.hpp"

#include "config/settings.hpp"
#include "idp/jose/key_ring.hpp"

namespace kommpass::idp::registry {
namespace {

std::string purpose_for(const member_slug& member) {
    return "directory password of " + member.str();
}

}  // namespace

std::string sealed_directory_password(const jose::key_ring& keys, const member_slug& member,
                                      std::string_view password) {
    return keys.seal(purpose_for(member), password);
}

directory_settings opened_directory(const jose::key_ring& keys, const policies::member& member) {
    auto settings = member.directory;
    settings.own_domains = member.domains;
    if (settings.bind_password_sealed.empty()) return settings;
    auto opened = keys.open(purpose_for(member.slug), settings.bind_password_sealed);
    if (opened)
        settings.bind_password.value = std::make_shared<const secret_string>(std::move(*opened));
    return settings;
}

std::map<member_slug, directory_settings> directories_of(const policies::snapshot& registry,
                                                         const jose::key_ring& keys) {
    std::map<member_slug, directory_settings> all;
    for (const auto& [slug, member] : registry.documents().members) {
        if (member.active) all.emplace(slug, opened_directory(keys, member));
    }
    return all;
}

}  // namespace kommpass::idp::registry
