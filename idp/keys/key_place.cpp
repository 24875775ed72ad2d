#include "idp/keys/key_place.hpp"

#include "idp/audit/events.hpp"
#include "idp/keys/keys_in_store.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <filesystem>
#include <span>

namespace kommpass::idp::keys {
namespace {

namespace fs = std::filesystem;

// The place in the store, where the file says that the keys are there; nothing for a key file.
result<std::optional<keys_in_store>, std::string> place_in_store(const config::settings& settings,
                                                                 store::store& memory) {
    using answer = result<std::optional<keys_in_store>, std::string>;
    const auto name = settings.key_file.string();
    auto sealing = jose::read_sealing_key_file(name);
    if (!sealing) return answer(sealing.error().message);
    if (!*sealing) return answer(std::nullopt);
    std::optional<keys_in_store> place;
    place.emplace(memory, **sealing, name);
    return answer(std::move(place));
}

std::optional<long long> sealed_version(store::store& memory) {
    long long version = 0;
    const auto read =
        memory.read_now([&](store::transaction& t) { version = store::sealed_keys(t).version(); });
    if (!read) return std::nullopt;
    return version;
}

// A node whose sealing key has gone must not begin with keys of its own. Empty: a key file it is.
std::string why_no_key_file(const config::settings& settings, store::store& memory) {
    const auto version = sealed_version(memory);
    if (!version) return "the store does not answer";
    if (*version == 0) return {};
    return "the keys are in the store, but " + settings.key_file.string() +
           " holds no sealing key; copy the file of another node. No new keys were made";
}

jose::sealing_key_file new_sealing_key(randomness& random) {
    std::string bytes(32, '\0');
    random.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    return {secret_string(std::move(bytes))};
}

result<jose::key_ring_ptr, std::string> change_file(const config::settings& settings,
                                                    store::store& memory, const asked_change& asked,
                                                    randomness& random, instant now) {
    const auto path = settings.key_file.string();
    auto as_is = jose::open_key_file(path, random, now);
    if (!as_is) return as_is.error().message;
    if (!asked.wanted(**as_is)) return std::move(*as_is);
    auto changed = jose::change_key_file(path, asked.what, random, now);
    if (!changed) return changed.error().message;
    const auto recorded = memory.write_now([&](store::transaction& t) {
        store::audit_record record;
        record.at = now;
        record.event = audit::name_of(audit::event::key_rotated);
        record.result = "ok";
        record.detail_json = asked.detail_json;
        t.audit().append(record);
    });
    if (!recorded)
        return std::string("the keys were changed, but the audit record could not be written");
    return std::move(*changed);
}

}  // namespace

result<jose::key_ring_ptr, std::string> open_keys(const config::settings& settings,
                                                  store::store& memory, randomness& random,
                                                  instant now, const jose::completion& wanted) {
    const auto place = place_in_store(settings, memory);
    if (!place) return place.error();
    if (*place) return (*place)->open(random, now, wanted);
    if (const auto why = why_no_key_file(settings, memory); !why.empty()) return why;
    auto opened = jose::change_key_file(settings.key_file.string(), wanted, random, now);
    if (!opened) return opened.error().message;
    return std::move(*opened);
}

result<jose::key_ring_ptr, std::string> change_keys(const config::settings& settings,
                                                    store::store& memory, const asked_change& asked,
                                                    randomness& random, instant now) {
    const auto place = place_in_store(settings, memory);
    if (!place) return place.error();
    if (*place) return (*place)->change(asked, random, now);
    if (const auto why = why_no_key_file(settings, memory); !why.empty()) return why;
    return change_file(settings, memory, asked, random, now);
}

std::optional<long long> stamp_of_keys(const config::settings& settings, store::store& memory) {
    std::error_code missing;
    const auto written = fs::last_write_time(settings.key_file, missing);
    if (missing) return std::nullopt;
    const auto version = sealed_version(memory);
    if (!version) return std::nullopt;
    // The file's time in nanoseconds; a version moves it by one.
    return static_cast<long long>(written.time_since_epoch().count()) + *version;
}

result<void, std::string> make_sealing_key(const config::settings& settings, randomness& random) {
    const auto path = settings.key_file.string();
    const jose::key_file_lock lock(path);
    std::error_code error;
    if (fs::exists(settings.key_file, error) || error)
        return path + " is there already; nothing was changed";
    const auto written = jose::write_sealing_key_file(path, new_sealing_key(random));
    if (!written) return written.error().message;
    return {};
}

result<void, std::string> move_keys_to_store(const config::settings& settings, store::store& memory,
                                             const std::string& who, randomness& random,
                                             instant now) {
    const auto path = settings.key_file.string();
    const auto beside = path + ".sealing";
    const jose::key_file_lock lock(path);
    const auto moved_already = jose::read_sealing_key_file(path);
    if (!moved_already) return moved_already.error().message;
    if (*moved_already) return path + " is a sealing key: the keys are in the store already";
    auto keys = jose::read_key_file(path);
    if (!keys) return keys.error().message;
    if (!*keys) return path + ": there is no key file to move";

    // The sealing key is on disk before anything is sealed under it.
    auto sealing = jose::read_sealing_key_file(beside);
    if (!sealing) return sealing.error().message;
    if (!*sealing) {
        *sealing = new_sealing_key(random);
        const auto written = jose::write_sealing_key_file(beside, **sealing);
        if (!written) return written.error().message;
    }
    const keys_in_store place(memory, **sealing, beside);
    const secret_string text(jose::text_of(**keys));
    const auto begun = place.begin_with(
        text.reveal(), audit::detail({{"who", who}, {"moved", "from the key file"}}), now);
    if (!begun) return begun.error();
    if (!*begun) {
        // Of an earlier call that was cut off, or another node's.
        const auto there = place.holds(text);
        if (!there || !*there)
            return std::string(
                       "the store has keys already; copy the sealing key of the node that moved "
                       "them "
                       "there to ") +
                   path;
    }
    std::error_code error;
    fs::rename(beside, path, error);
    if (error) return path + ": cannot be replaced: " + error.message();
    return {};
}

}  // namespace kommpass::idp::keys
