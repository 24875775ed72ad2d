// What the API does with revisions of the registry.
#include "idp/admin/actor.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/api/handlers.hpp"
#include "idp/http/decimal_number.hpp"

namespace kommpass::idp::api {

using boost::asio::awaitable;

namespace {

// What may go for good, because it is named.
answer<policies::named_losses> losses_in(const call& c) {
    auto members = c.members_in("remove_members");
    if (!members) return members.error();
    auto clients = c.texts_in("new_subjects");
    if (!clients) return clients.error();
    policies::named_losses named;
    named.members.insert(members->begin(), members->end());
    for (auto& id : *clients) named.subjects.emplace(std::move(id));
    return named;
}

}  // namespace

awaitable<answer<outcome>> post_rollback(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto number = http::decimal_number(c.in_path("number"));
    if (!number) co_return no_such_thing();
    auto named = losses_in(c);
    if (!named) co_return named.error();
    auto done =
        co_await roll_back(c.at, c.who, *number, std::move(*why), c.if_match, std::move(*named));
    if (!done) co_return done.error();
    auto made = revision_outcome(done->revision);
    boost::json::array unsearched;  // whose directory did not answer
    for (const auto& member : done->unsearched) unsearched.emplace_back(member);
    made.body.as_object()["unsearched"] = std::move(unsearched);
    co_return made;
}

}  // namespace kommpass::idp::api
