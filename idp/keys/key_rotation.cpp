#include "idp/keys/key_rotation.hpp"

#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::keys {
result<jose::key_ring_ptr, std::string> rotate_keys(const config::settings& settings,
                                                    store::store& memory,
                                                    std::optional<jose::algorithm> only,
                                                    const std::string& who, randomness& random,
                                                    instant now) {
    auto rotated = jose::rotate_key_file(settings.key_file.string(), only, longest_token_lifetime,
                                         random, now);
    if (!rotated) return rotated.error().message;
    const auto recorded = memory.write_now([&](store::transaction& t) {
        store::audit_record record;
        record.at = now;
        record.event = audit::name_of(audit::event::key_rotated);
        record.result = "ok";
        record.detail_json =
            audit::detail({{"who", who}, {"algorithm", only ? jose::name_of(*only) : "all"}});
        t.audit().append(record);
    });
    if (!recorded)
        return std::string("the keys were rotated, but the audit record could not be written");
    return std::move(*rotated);
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
