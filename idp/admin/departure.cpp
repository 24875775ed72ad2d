#include "idp/admin/departure.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/admin/erasure.hpp"
#include "idp/store/persons.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

// Within the time of an attempt: for each, the log is gone through.
constexpr std::size_t in_one_attempt = 20;

std::string text_in(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<departure> departure_in(const store::outbox_entry& entry) {
    boost::system::error_code broken;
    const auto parsed = json::parse(entry.payload_json, broken);
    if (broken || !parsed.is_object()) return std::nullopt;
    const auto& fields = parsed.as_object();
    const auto* until = fields.if_contains("until");
    if (until == nullptr || !until->is_int64()) return std::nullopt;
    return departure{text_in(fields, "member"),  text_in(fields, "who"),
                     text_in(fields, "why"),     until->as_int64(),
                     text_in(fields, "request"), text_in(fields, "address")};
}

awaitable<tasks::delivery> finish(store::store& memory, const clock& time,
                                  const store::outbox_entry& entry) {
    const auto what = departure_in(entry);
    if (!what) co_return tasks::never{"the entry does not say who has left"};
    auto wanted = *what;
    const auto done = co_await erase_departed(memory, time, std::move(wanted), in_one_attempt);
    if (!done) co_return tasks::again{"the store did not take it"};
    if (done->left == 0) co_return tasks::delivered{};
    // That is no failure: the rest has all its attempts before it.
    auto go_on = [&](store::transaction& t) { (void)note_departure(t, *what, time.now()); };
    const auto noted = co_await memory.write(go_on);
    if (!noted) co_return tasks::again{"the store did not take it"};
    co_return tasks::delivered{};
}

}  // namespace

long long note_departure(store::transaction& t, const departure& left, instant now) {
    const json::object payload{{"member", left.member},   {"who", left.who},
                               {"why", left.why},         {"until", left.until},
                               {"request", left.request}, {"address", left.address}};
    return t.outbox().put(member_left_topic, left.member, json::serialize(payload), now);
}

awaitable<std::optional<departed>> erase_departed(store::store& memory, const clock& time,
                                                  departure left, std::size_t most) {
    const member_slug member(left.member);
    auto read = [&member](store::transaction& t) { return t.persons().of_member(member); };
    auto persons = co_await memory.read(read);
    if (!persons) co_return std::nullopt;
    std::erase_if(*persons,
                  [&](const auto& one) { return to_unix_seconds(one.first_seen) > left.until; });
    const auto now = std::min(persons->size(), most);
    for (std::size_t i = 0; i < now; ++i) {
        const auto& one = (*persons)[i];
        const erasure_record like{left.who,      left.why,     time.now(),
                                  "member_left", left.request, left.address};
        auto erase = [&](store::transaction& t) { (void)forget_person(t, one.id, like); };
        const auto erased = co_await memory.write(erase);
        if (!erased) co_return std::nullopt;
    }
    co_return departed{now, persons->size() - now};
}

tasks::receiver finish_departures(store::store& memory, const clock& time) {
    return
        [&memory, &time](const store::outbox_entry& entry) { return finish(memory, time, entry); };
}

}  // namespace kommpass::idp::admin
