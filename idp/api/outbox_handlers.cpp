// What the outbox could not deliver.
#include "idp/api/handlers.hpp"

#include "idp/admin/dead_letters.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/api/json_views.hpp"
#include "idp/http/decimal_number.hpp"

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;
using boost::json::array;
using boost::json::object;

object to_json(const store::outbox_count& one) {
    object made;
    made["topic"] = one.topic;
    made["waiting"] = one.waiting;
    made["dead"] = one.dead;
    if (one.waiting > 0) made["oldest_waiting"] = utc_text(one.oldest_waiting);
    return made;
}

object to_json(const store::outbox_entry& one) {
    object made;
    made["sequence"] = one.sequence;
    made["topic"] = one.topic;
    made["lane"] = one.lane;
    made["created_at"] = utc_text(one.created_at);
    made["dead_at"] = utc_text(one.dead_at);
    made["attempts"] = one.attempts;
    made["error"] = one.last_error;
    return made;
}

}  // namespace

awaitable<answer<outcome>> show_dead_letters(call& c) {
    const auto after = http::decimal_number(c.in_query("after")).value_or(0);
    const auto found = co_await list_dead_letters(c.at, c.who, after);
    if (!found) co_return found.error();
    object made;
    array topics;
    for (const auto& one : found->topics) topics.push_back(to_json(one));
    made["topics"] = std::move(topics);
    array letters;
    for (const auto& one : found->letters) letters.push_back(to_json(one));
    made["dead_letters"] = std::move(letters);
    if (found->more) made["next"] = found->letters.back().sequence;
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> post_dead_letter_retry(call& c) {
    const auto number = http::decimal_number(c.in_path("number"));
    if (!number) co_return no_such_thing();
    const auto done = co_await retry_dead_letter(c.at, c.who, *number);
    if (!done) co_return done.error();
    co_return outcome{to_json(*done)};
}

awaitable<answer<outcome>> delete_dead_letter(call& c) {
    const auto number = http::decimal_number(c.in_path("number"));
    if (!number) co_return no_such_thing();
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto done = co_await discard_dead_letter(c.at, c.who, *number, std::move(*why));
    if (!done) co_return done.error();
    co_return outcome{to_json(*done)};
}

}  // namespace kommpass::idp::api
