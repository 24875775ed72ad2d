#include "idp/service/key_rotation.hpp"

#include "idp/audit/events.hpp"

#include <algorithm>

namespace kommpass::idp::service {
namespace {

// `policies::compile` allows no access or ID token to live longer.
constexpr auto longest_token_lifetime = std::chrono::hours(24);

}  // namespace

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

bool rotation_is_due(const config::settings& settings, const jose::key_ring& keys, instant now) {
    if (settings.key_rotation == std::chrono::seconds(0)) return false;
    const auto all = keys.list();
    return std::any_of(all.begin(), all.end(), [&](const jose::key_info& key) {
        return key.state == jose::key_state::active &&
               key.activated_at + settings.key_rotation <= now;
    });
}

}  // namespace kommpass::idp::service
