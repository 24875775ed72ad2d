#include "idp/admin/dead_letters.hpp"

#include "config/vocabulary/utf8.hpp"
#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

namespace kommpass::idp::admin {
namespace {

using boost::asio::awaitable;

constexpr std::size_t page_size = 50;
constexpr std::size_t longest_reason = 300;

store::outbox_entry without_payload(store::outbox_entry one) {
    one.payload_json.clear();
    return one;
}

// Not whom it was for: that may be a person's id.
store::audit_record record_about(const operation_context& at, const actor& who, audit::event kind,
                                 const store::outbox_entry& letter, const std::string& why) {
    auto record = record_of(at, who.id(), kind, "ok",
                            {{"sequence", std::to_string(letter.sequence)},
                             {"topic", letter.topic},
                             {"attempts", std::to_string(letter.attempts)},
                             {"error", letter.last_error},
                             {"why", why}});
    record.person = who.person();
    record.member = who.member();
    return record;
}

// Does `act` to a dead letter, with its record; nothing if there is none of this number.
template <class Act>
awaitable<answer<store::outbox_entry>> act_on(operation_context& at, const actor& who,
                                              audit::event kind, long long sequence,
                                              std::string why, Act act) {
    auto work = [&](store::transaction& t) -> std::optional<store::outbox_entry> {
        auto found = t.outbox().find(sequence);
        if (!found || !act(t.outbox())) return std::nullopt;
        t.audit().append(record_about(at, who, kind, *found, why));
        return without_payload(std::move(*found));
    };
    auto done = co_await at.memory.write(work);
    if (!done) co_return store_silent();
    if (!*done) co_return no_such_thing();
    co_return std::move(**done);
}

}  // namespace

awaitable<answer<dead_letters>> list_dead_letters(operation_context& at, const actor& who,
                                                  long long after) {
    if (!who.may_everywhere(operation::handle_dead_letters)) co_return no_such_thing();
    auto read = [after](store::transaction& t) {
        return dead_letters{t.outbox().counts(), t.outbox().dead(after, page_size + 1), false};
    };
    auto found = co_await at.memory.read(read);
    if (!found) co_return store_silent();
    found->more = found->letters.size() > page_size;
    if (found->more) found->letters.pop_back();
    for (auto& one : found->letters) one.payload_json.clear();
    co_return std::move(*found);
}

awaitable<answer<store::outbox_entry>> retry_dead_letter(operation_context& at, const actor& who,
                                                         long long sequence) {
    if (!who.may_everywhere(operation::handle_dead_letters)) co_return no_such_thing();
    auto revive = [sequence, now = at.time.now()](store::outbox_store& outbox) {
        return outbox.revive(sequence, now);
    };
    co_return co_await act_on(at, who, audit::event::outbox_revived, sequence, {}, revive);
}

awaitable<answer<store::outbox_entry>> discard_dead_letter(operation_context& at, const actor& who,
                                                           long long sequence, std::string why) {
    if (!who.may_everywhere(operation::handle_dead_letters)) co_return no_such_thing();
    if (why.empty()) co_return invalid("why", "reason_missing");
    if (utf8_length(why) > longest_reason) co_return invalid("why", "reason_too_long");
    auto drop = [sequence](store::outbox_store& outbox) { return outbox.drop(sequence); };
    co_return co_await act_on(at, who, audit::event::outbox_discarded, sequence, std::move(why),
                              drop);
}

}  // namespace kommpass::idp::admin
