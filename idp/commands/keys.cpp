#include "config/vocabulary/base64url.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/audit/events.hpp"
#include "idp/commands/commands.hpp"
#include "idp/commands/opening.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/hash.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_place.hpp"
#include "idp/keys/key_rotation.hpp"

#include <iomanip>
#include <iostream>

namespace kommpass::idp::commands {
namespace {

void print(const jose::key_ring& keys) {
    for (const auto& key : keys.list()) {
        std::cout << std::left << std::setw(8) << jose::name_of(key.algorithm) << std::setw(9)
                  << jose::name_of(key.state) << key.kid;
        if (key.state == jose::key_state::retired) {
            std::cout << "  published until " << to_unix_seconds(key.published_until)
                      << " (Unix time)";
        }
        std::cout << '\n';
    }
}

}  // namespace

int keys_list(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto keys = open_keys(*settings);
    if (!keys) return 1;
    print(*keys);
    return 0;
}

int keys_rotate(const settings_file& file, const std::optional<std::string>& algorithm) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    std::optional<jose::algorithm> only;
    if (algorithm) {
        only = jose::algorithm_named(*algorithm);
        if (!only)
            return refuse("unknown algorithm " + *algorithm +
                          "; known are ES256, RS256, PS256 and EdDSA");
    }
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    system_randomness random;
    const auto keys =
        keys::rotate_keys(*settings, *memory, only, operator_name(), random, system_clock().now());
    if (!keys) return refuse(keys.error());
    print(**keys);
    std::cout << "rotated; every running server takes the new keys within a few seconds\n";
    return 0;
}

int keys_withdraw(const settings_file& file, const std::string& kid) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    system_randomness random;
    const auto keys =
        keys::withdraw_key(*settings, *memory, kid, operator_name(), random, system_clock().now());
    if (!keys) return refuse(keys.error());
    print(**keys);
    std::cout << "withdrawn; every running server leaves it within a few seconds, and with it the "
                 "tokens that it signed. Applications that validate tokens themselves believe it "
                 "until they read the keys anew\n";
    return 0;
}

int keys_move_to_store(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    const auto memory = open_store(*settings);
    if (!memory) return 1;
    system_randomness random;
    const auto moved =
        keys::move_keys_to_store(*settings, *memory, operator_name(), random, system_clock().now());
    if (!moved) return refuse(moved.error());
    std::cout << "the keys are in the store now, sealed under " << settings->key_file.string()
              << "; give every node a copy of that file (mode 0600), and keep one apart from the "
                 "store's backup\n";
    return 0;
}

int keys_new_sealing_key(const settings_file& file) {
    const auto settings = open_settings(file);
    if (!settings) return 1;
    system_randomness random;
    const auto made = keys::make_sealing_key(*settings, random);
    if (!made) return refuse(made.error());
    std::cout << settings->key_file.string()
              << " is a new sealing key; give every node a copy (mode 0600) before it begins, the "
                 "first one with `kommpass serve --new-store`\n";
    return 0;
}

int client_secret() {
    system_randomness random;
    const auto secret = random.token(32);
    std::cout << "secret  (give it to the application's operator): " << secret << '\n'
              << "secret_sha256 (goes into the registry):          " << jose::sha256_hex(secret)
              << '\n';
    return 0;
}

}  // namespace kommpass::idp::commands
