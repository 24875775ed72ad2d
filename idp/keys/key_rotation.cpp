#include "idp/keys/key_rotation.hpp"

#include "idp/audit/events.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/keys/key_place.hpp"

namespace kommpass::idp::keys {
namespace {

asked_change rotation_by(const std::string& who, std::optional<jose::algorithm> only) {
    return {.what = jose::rotation{only, longest_token_lifetime},
            .detail_json =
                audit::detail({{"who", who}, {"algorithm", only ? jose::name_of(*only) : "all"}})};
}

}  // namespace

result<jose::key_ring_ptr, std::string> rotate_keys(const config::settings& settings,
                                                    store::store& memory,
                                                    std::optional<jose::algorithm> only,
                                                    const std::string& who, randomness& random,
                                                    instant now) {
    return change_keys(settings, memory, rotation_by(who, only), random, now);
}

result<jose::key_ring_ptr, std::string> rotate_keys_if_due(const config::settings& settings,
                                                           store::store& memory,
                                                           const std::string& who,
                                                           randomness& random, instant now) {
    auto step = rotation_by(who, std::nullopt);
    step.wanted = [&](const jose::key_ring& keys) { return rotation_is_due(settings, keys, now); };
    return change_keys(settings, memory, step, random, now);
}

result<jose::key_ring_ptr, std::string> withdraw_key(const config::settings& settings,
                                                     store::store& memory, const std::string& kid,
                                                     const std::string& who, randomness& random,
                                                     instant now) {
    const asked_change withdrawn{.what = jose::withdrawal{kid},
                                 .detail_json = audit::detail({{"who", who}, {"withdrawn", kid}})};
    return change_keys(settings, memory, withdrawn, random, now);
}

std::optional<instant> next_rotation(const config::settings& settings, const jose::key_ring& keys) {
    if (settings.key_rotation == std::chrono::seconds(0)) return std::nullopt;
    std::optional<instant> next;
    for (const auto& key : keys.list()) {
        if (key.state != jose::key_state::active) continue;
        const auto due = key.activated_at + settings.key_rotation;
        if (!next || due < *next) next = due;
    }
    return next;
}

bool rotation_is_due(const config::settings& settings, const jose::key_ring& keys, instant now) {
    const auto next = next_rotation(settings, keys);
    return next && *next <= now;
}

}  // namespace kommpass::idp::keys
