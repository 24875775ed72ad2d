#include "idp/service/housekeeping.hpp"

#include "idp/audit/verification.hpp"
#include "idp/keys/key_rotation.hpp"
#include "idp/registry/registry_watch.hpp"

#include <algorithm>

namespace kommpass::idp::service {
namespace {

constexpr auto sweep_every = std::chrono::seconds(10);
constexpr auto sign_audit_log_every = std::chrono::minutes(5);
constexpr auto empty_records_every = std::chrono::minutes(10);
constexpr auto look_at_rotation_every = std::chrono::minutes(10);

bool a_retired_key_is_over(const jose::key_ring& keys, instant now) {
    const auto all = keys.list();
    return std::any_of(all.begin(), all.end(), [&](const jose::key_info& key) {
        return key.state == jose::key_state::retired && key.published_until <= now;
    });
}

}  // namespace

housekeeping::housekeeping(const config::settings& settings, const clock& time, randomness& random,
                           store::store& memory, live<policies::snapshot>& registry,
                           live<jose::key_ring>& keys, observe::log& log,
                           std::function<void()> registry_changed)
    : settings_(settings),
      time_(time),
      random_(random),
      memory_(memory),
      registry_(registry),
      keys_(keys),
      log_(log),
      registry_changed_(std::move(registry_changed)) {
    std::error_code missing;
    keys_written_ = std::filesystem::last_write_time(settings_.key_file, missing);
}

void housekeeping::tick() {
    take_registry();
    rotate_keys_if_due();
    take_keys_if_changed();
    sweep();
    sign_audit_log();
    empty_old_records();
}

void housekeeping::reload() {
    keys_written_ = {};
    take_registry();
    take_keys_if_changed();
}

void housekeeping::take_registry() {
    if (registry::take_newest_revision(memory_, registry_, log_)) registry_changed_();
}

void housekeeping::take_keys_if_changed() {
    std::error_code missing;
    const auto written = std::filesystem::last_write_time(settings_.key_file, missing);
    if (missing || written == keys_written_) return;
    keys_written_ = written;
    auto keys = jose::open_key_file(settings_.key_file.string(), random_, time_.now());
    if (!keys) {
        log_.error("keys.not_read", {{"reason", keys.error().message}});
        return;
    }
    keys_.replace(std::move(*keys));
    log_.info("keys.taken");
}

void housekeeping::rotate_keys_if_due() {
    const auto now = time_.now();
    if (now - rotation_looked_at_ < look_at_rotation_every) return;
    rotation_looked_at_ = now;
    if (a_retired_key_is_over(*keys_.get(), now)) keys_written_ = {};
    if (!keys::rotation_is_due(settings_, *keys_.get(), now)) return;
    const auto rotated =
        keys::rotate_keys(settings_, memory_, std::nullopt, "kommpass serve", random_, now);
    if (!rotated) log_.error("keys.not_rotated", {{"reason", rotated.error()}});
    take_keys_if_changed();
}

void housekeeping::sign_audit_log() {
    const auto now = time_.now();
    if (now - audit_signed_at_ < sign_audit_log_every) return;
    audit_signed_at_ = now;
    if (!audit::make_checkpoint(memory_, *keys_.get(), now)) log_.error("audit.not_signed");
}

void housekeeping::empty_old_records() {
    const auto now = time_.now();
    if (now - emptied_at_ < empty_records_every) return;
    const auto emptied = retention_.apply(memory_, settings_.retention, now);
    if (!emptied) log_.error("audit.not_emptied");
    // More may wait: the next tick goes on.
    if (!emptied || *emptied == 0) emptied_at_ = now;
}

void housekeeping::sweep() {
    const auto now = time_.now();
    if (now - swept_at_ < sweep_every) return;
    std::size_t gone = 0;
    const auto done = memory_.write_now([&](store::transaction& t) { gone = t.sweep(now); });
    // A full bite says that more waits: the next tick takes it.
    if (done && gone == 0) swept_at_ = now;
}

}  // namespace kommpass::idp::service
