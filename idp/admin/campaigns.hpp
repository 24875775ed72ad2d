#pragma once

#include "idp/admin/effects.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/store/campaigns.hpp"
#include "policies/snapshot.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// Reviews of what people hold (recertification): each member's administrator confirms or ends it.
namespace kommpass::idp::admin {

struct operation_context;
class actor;
struct campaign_request {
    std::string title;
    std::vector<member_slug> members;  // empty: all that the actor may ask
    std::optional<day> due;            // last day
    bool ends_unanswered = false;
};
// What is wrong with a request, or not theirs to ask; before any work is begun.
[[nodiscard]] std::optional<refusal> judge_campaign(const operation_context&, const actor&,
                                                    const campaign_request&);
// Reads every person of these members with what they hold, so it takes its time. Gives the id.
[[nodiscard]] boost::asio::awaitable<answer<std::string>> start_campaign(operation_context&,
                                                                         const actor&,
                                                                         campaign_request,
                                                                         progress);

struct campaign_view {
    store::campaign campaign;
    std::vector<store::campaign_progress> progress;  // of members that the actor may see
};
[[nodiscard]] boost::asio::awaitable<answer<std::vector<campaign_view>>> list_campaigns(
    operation_context&, const actor&);

struct campaign_page {
    store::campaign campaign;
    std::vector<store::campaign_item> items;
    bool more = false;
    policies::snapshot_ptr registry{};
    std::vector<document_version> versions{};  // of each item, with its rules as they are now
};
[[nodiscard]] boost::asio::awaitable<answer<campaign_page>> campaign_items(
    operation_context&, const actor&, std::string id, member_slug member, long long after,
    std::size_t limit);

// Confirms one item, or ends the role for that person, whatever gives it. `of`: the review that it
// has to belong to; empty: any. `shown`: of the item with its rules as they were when it was looked
// at.
[[nodiscard]] boost::asio::awaitable<answer<bool>> answer_item(operation_context&, const actor&,
                                                               std::string of, long long number,
                                                               bool confirm, shown_digest shown);

// Ends what nobody confirmed in campaigns whose time is over and that are to, and closes them. For
// the service itself, as "host:campaign". How many roles it ended.
[[nodiscard]] boost::asio::awaitable<answer<std::size_t>> close_due_campaigns(operation_context&);

}  // namespace kommpass::idp::admin
