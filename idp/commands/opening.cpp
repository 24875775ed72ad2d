#include "idp/commands/opening.hpp"

#include "config/vocabulary/randomness.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_file.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/registry/directories_of.hpp"
#include "idp/service/opening.hpp"
#include "idp/store/open_store.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <optional>

namespace kommpass::idp::commands {

std::optional<config::settings> open_settings(const std::filesystem::path& file) {
    auto settings = config::read_settings(file);
    if (settings) return std::move(*settings);
    print(settings.error());
    return std::nullopt;
}

std::unique_ptr<store::store> open_store(const config::settings& settings) {
    if (const auto missing = service::missing_half(settings); !missing.empty()) {
        refuse(missing);
        return nullptr;
    }
    store::open_options options;
    options.report = [](const std::string& words) { refuse(words); };
    auto opened = store::open_store(service::place_of_store(settings), std::move(options));
    if (opened) return std::move(*opened);
    refuse(opened.error());
    return nullptr;
}

std::optional<directory_settings> open_directory(const config::settings& settings,
                                                 const policies::member& member) {
    if (member.directory.bind_password_sealed.empty()) return member.directory;
    const auto keys = open_keys(settings);
    if (!keys) return std::nullopt;
    return registry::opened_directory(*keys, member);
}

jose::key_ring_ptr open_keys(const config::settings& settings) {
    const auto path = settings.key_file.string();
    system_randomness random;
    const auto now = system_clock().now();
    const auto sealing = jose::read_sealing_key_file(path);
    if (sealing && *sealing) {
        const auto memory = open_store(settings);
        if (!memory) return nullptr;
        auto keys = keys::open_keys(settings, *memory, random, now);
        if (keys) return std::move(*keys);
        refuse(keys.error());
        return nullptr;
    }
    auto keys = jose::open_key_file(path, random, now);
    if (keys) return std::move(*keys);
    refuse(keys.error().message);
    return nullptr;
}

void print(const config::mistakes& mistakes) {
    for (const auto& mistake : mistakes) std::cerr << mistake.to_string() << '\n';
}

int refuse(const std::string& reason) {
    std::cerr << "kommpass: " << reason << '\n';
    return 1;
}

namespace {

std::string name_of(uid_t user) {
    const auto* entry = ::getpwuid(user);
    return entry != nullptr ? entry->pw_name : "uid " + std::to_string(user);
}

// Who signed in to the machine, whatever user they have become since; nothing where it is not kept.
std::optional<uid_t> signed_in_user() {
    std::ifstream kept("/proc/self/loginuid");
    uid_t user = 0;
    constexpr auto nobody = static_cast<uid_t>(-1);
    if (kept >> user && user != nobody) return user;
    return std::nullopt;
}

}  // namespace

std::string operator_name() {
    const auto now = ::getuid();
    const auto began_as = signed_in_user();
    if (!began_as || *began_as == now) return name_of(now);
    return name_of(now) + "/" + name_of(*began_as);
}

}  // namespace kommpass::idp::commands
