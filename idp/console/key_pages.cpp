// The signing keys, and their rotation.
#include "idp/admin/actor.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/signing_keys.hpp"
#include "idp/audit/events.hpp"
#include "idp/console/pages.hpp"
#include "idp/jose/algorithm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/keys/key_rotation.hpp"

namespace kommpass::idp::console {

using web::page_data;
using web::put;
using web::put_list;

page keys_page(console_request& v) {
    const auto found = signing_keys(v.at, v.who);
    if (!found) co_return show_refusal(v, found.error());
    const auto& keys = *found;
    page_data data;
    std::vector<page_data> rows;
    const auto now = v.at.time.now();
    for (const auto& one : keys->list()) {
        page_data row;
        put(row, "algorithm", std::string(jose::name_of(one.algorithm)));
        put(row, "kid", one.kid);
        put(row, "key_state", v.text("keys.state_" + std::string(jose::name_of(one.state))));
        if (one.activated_at != instant{}) put(row, "signs_since", v.time_text(one.activated_at));
        if (one.published_until != instant{})
            put(row, "published_until", v.time_text(one.published_until));
        rows.push_back(std::move(row));
    }
    put_list(data, "keys", std::move(rows));
    std::vector<page_data> preview;
    const auto line = [&](const std::string& text) {
        page_data one;
        put(one, "line", text);
        preview.push_back(std::move(one));
    };
    const auto due = keys::next_rotation(v.at.settings, *keys);
    line(due ? v.text("keys.by_itself") + " " + v.time_text(*due) : v.text("keys.never"));
    line(v.text("keys.now_next"));
    line(v.text("keys.now_old") + " " + v.time_text(now + keys::longest_token_lifetime));
    line(v.text("keys.now_quiet"));
    put_list(data, "preview", std::move(preview));
    co_return show(v, "console_keys", v.text("keys.title"), std::move(data));
}

page post_keys(console_request& v) {
    auto running = co_await begin_key_rotation(v.at, v.who);
    if (!running) co_return show_refusal(v, running.error());
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

}  // namespace kommpass::idp::console
