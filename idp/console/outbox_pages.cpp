// What the outbox could not deliver: look, try again, discard.
#include "idp/admin/dead_letters.hpp"
#include "idp/console/pages.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/web/catalogue.hpp"

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

std::string topic_name(const console_request& v, const std::string& topic) {
    const auto* words = web::catalogue::of(v.lang).find("outbox_topic." + topic);
    return words == nullptr ? topic : *words;
}

page_data row_of(const console_request& v, const store::outbox_count& one) {
    page_data row;
    put(row, "topic", topic_name(v, one.topic));
    put(row, "waiting", std::to_string(one.waiting));
    put(row, "dead", std::to_string(one.dead));
    put(row, "oldest", one.waiting > 0 ? v.time_text(one.oldest_waiting) : std::string());
    return row;
}

page_data row_of(const console_request& v, const store::outbox_entry& one) {
    page_data row;
    put(row, "sequence", std::to_string(one.sequence));
    put(row, "heading",
        v.text("outbox.number") + " " + std::to_string(one.sequence) + ": " +
            topic_name(v, one.topic));
    put_facts(row, {{v.text("outbox.lane"), one.lane},
                    {v.text("outbox.created"), v.time_text(one.created_at)},
                    {v.text("outbox.given_up"), v.time_text(one.dead_at)},
                    {v.text("outbox.attempts"), std::to_string(one.attempts)},
                    {v.text("outbox.error"), one.last_error}});
    return row;
}

}  // namespace

page outbox_page(console_request& v) {
    const auto found = co_await list_dead_letters(
        v.at, v.who, http::decimal_number(v.in_query("after")).value_or(0));
    if (!found) co_return show_refusal(v, found.error());
    page_data data;
    std::vector<page_data> topics;
    for (const auto& one : found->topics) topics.push_back(row_of(v, one));
    put_list(data, "topics", std::move(topics));
    std::vector<page_data> letters;
    for (const auto& one : found->letters) letters.push_back(row_of(v, one));
    put_list(data, "letters", std::move(letters));
    if (found->more)
        put(data, "next",
            "/console/outbox?after=" + std::to_string(found->letters.back().sequence));
    co_return show(v, "console_outbox", v.text("outbox.title"), std::move(data));
}

page post_outbox(console_request& v) {
    const auto sequence = http::decimal_number(v.in_form("sequence"));
    if (!sequence) co_return show_refusal(v, no_such_thing());
    const bool discards = v.in_form("action") == "discard";
    answer<store::outbox_entry> done = no_such_thing();
    if (discards)
        done = co_await discard_dead_letter(v.at, v.who, *sequence, v.in_form("why"));
    else
        done = co_await retry_dead_letter(v.at, v.who, *sequence);
    if (done) co_return go_on("/console/outbox", discards ? "discarded" : "revived");
    v.problem = done.error();
    if (done.error().why != refusal::reason::invalid) co_return show_refusal(v, done.error());
    co_return co_await outbox_page(v);
}

}  // namespace kommpass::idp::console
