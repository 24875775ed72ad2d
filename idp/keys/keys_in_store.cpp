#include "idp/keys/keys_in_store.hpp"

#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/audit_record.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::keys {
namespace {

constexpr std::string_view purpose = "signing keys in the store";
constexpr std::size_t largest_set = 1024 * 1024;
const std::string place = "the keys in the store";
const std::string silent = "the store does not answer";

void record_change(store::transaction& t, const std::string& detail_json, instant now) {
    store::audit_record record;
    record.at = now;
    record.event = audit::name_of(audit::event::key_rotated);
    record.result = "ok";
    record.detail_json = detail_json;
    t.audit().append(record);
}

}  // namespace

keys_in_store::keys_in_store(store::store& memory, const jose::sealing_key_file& file,
                             std::string name)
    : memory_(memory), sealing_(file.key.clone()), name_(std::move(name)) {}

result<keys_in_store::seen, std::string> keys_in_store::look() const {
    std::optional<store::sealed_key_set> found;
    if (!memory_.read_now([&](store::transaction& t) { found = store::sealed_keys(t).find(); }))
        return silent;
    if (!found) return seen{};
    auto text = sealing_.open(purpose, found->sealed, largest_set);
    if (!text)
        return "the keys in the store are sealed under another key than the one in " + name_ +
               "; copy the file of a node that works. No new keys were made";
    return seen{found->version, secret_string(std::move(*text))};
}

result<bool, std::string> keys_in_store::put(long long predecessor, std::string_view text,
                                             const std::string& detail_json, instant now) const {
    const auto sealed = sealing_.seal(purpose, text);
    bool mine = false;
    const auto written = memory_.write_now([&](store::transaction& t) {
        mine = store::sealed_keys(t).put(predecessor, sealed);
        if (mine && !detail_json.empty()) record_change(t, detail_json, now);
    });
    if (!written) return silent;
    return mine;
}

result<jose::key_ring_ptr, std::string> keys_in_store::open(randomness& random, instant now,
                                                            const jose::completion& wanted) const {
    // Who comes second finds what the first has made: another look, and a bound for who never
    // comes to an end.
    for (int looks = 0; looks < 5; ++looks) {
        const auto found = look();
        if (!found) return found.error();
        const bool first = found->version == 0;
        const auto set = jose::changed_key_set(
            place, first ? std::nullopt : std::optional(found->text.reveal()), wanted, random, now);
        if (!set) return set.error().message;
        if (!first && !set->changed) return set->ring;
        const auto mine = put(found->version, set->text.reveal(), {}, now);
        if (!mine) return mine.error();
        if (*mine) return set->ring;
    }
    return std::string("the keys in the store change all the time; try again");
}

result<jose::key_ring_ptr, std::string> keys_in_store::change(const asked_change& asked,
                                                              randomness& random,
                                                              instant now) const {
    const auto found = look();
    if (!found) return found.error();
    if (found->version == 0) return std::string("there are no keys in the store to change");
    const auto as_is =
        jose::changed_key_set(place, found->text.reveal(), jose::completion{}, random, now);
    if (!as_is) return as_is.error().message;
    if (!asked.wanted(*as_is->ring)) return as_is->ring;
    const auto set = jose::changed_key_set(place, found->text.reveal(), asked.what, random, now);
    if (!set) return set.error().message;
    const auto mine = put(found->version, set->text.reveal(), asked.detail_json, now);
    if (!mine) return mine.error();
    if (!*mine)
        return std::string(
            "somebody else has changed the keys at the same moment; look at `kommpass keys list` "
            "whether this change is still wanted");
    return set->ring;
}

result<bool, std::string> keys_in_store::holds(const secret_string& text) const {
    const auto found = look();
    if (!found) return found.error();
    return found->version > 0 && found->text == text;
}

result<bool, std::string> keys_in_store::begin_with(std::string_view text,
                                                    const std::string& detail_json,
                                                    instant now) const {
    return put(0, text, detail_json, now);
}

}  // namespace kommpass::idp::keys
