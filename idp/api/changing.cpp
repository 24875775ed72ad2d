// What the API does.
#include "idp/admin/actor.hpp"
#include "idp/admin/agreements.hpp"
#include "idp/admin/campaigns.hpp"
#include "idp/admin/constraints.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/erasure.hpp"
#include "idp/admin/grants.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/mappings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/admin/subscriptions.hpp"
#include "idp/admin/token_weight.hpp"
#include "idp/api/handlers.hpp"
#include "idp/api/json_views.hpp"
#include "idp/api/shown_version.hpp"
#include "idp/http/decimal_number.hpp"

#include <algorithm>

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;
using boost::json::object;

outcome grant_outcome(const made_grant& made) {
    object body;
    body["id"] = made.id;
    body["needs_approval"] = made.needs_approval;
    body["revision"] = made.revision;
    return {std::move(body), 201, made.revision};
}

// The mapping of the body, which has to be the one of the address.
answer<policies::mapping> mapping_in(const call& c) {
    const auto* document = c.body.if_contains("mapping");
    if (document == nullptr || !document->is_object()) return invalid("mapping", "must_be_object");
    auto made = mapping_from(without_version(document->get_object()));
    if (!made) return made;
    if (made->id.empty()) made->id = c.in_path("id");
    if (made->id != c.in_path("id")) return invalid("mapping.id", "differs_from_address");
    return made;
}

policies::subscription booking_of(const call& c) {
    return {member_slug(c.in_path("member")), application_key(c.in_path("application"))};
}

}  // namespace

outcome revision_outcome(long long revision) {
    object made;
    made["revision"] = revision;
    return {std::move(made), 200, revision};
}

answer<outcome> told(answer<long long> revision) {
    if (!revision) return revision.error();
    return revision_outcome(*revision);
}

answer<outcome> told(const call& c, const answer<std::shared_ptr<job>>& running) {
    if (!running) return running.error();
    return outcome{job_json(**running, c.at.settings), 202};
}

awaitable<answer<outcome>> put_mapping_document(call& c) {
    auto made = mapping_in(c);
    if (!made) co_return made.error();
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto stored =
        co_await put_mapping(c.at, c.who, std::move(*made), std::move(*why), c.if_match);
    if (!stored) co_return stored.error();
    auto answered = revision_outcome(stored->revision);
    auto& body = answered.body.as_object();
    body["needs_approval"] = stored->waits;
    std::vector<std::string> warnings;
    if (stored->document != nullptr)
        warnings = advice_on(stored->registry->documents(), *stored->document, false);
    body["warnings"] = boost::json::array(warnings.begin(), warnings.end());
    co_return answered;
}

awaitable<answer<outcome>> delete_mapping(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(
        co_await remove_mapping(c.at, c.who, c.in_path("id"), std::move(*why), c.if_match));
}

awaitable<answer<outcome>> simulate_mapping(call& c) {
    auto change = removal_of_mapping(c.in_path("id"));
    if (c.body.contains("mapping")) {
        auto made = mapping_in(c);
        if (!made) co_return made.error();
        change = change_to(std::move(*made));
        change.expected = c.if_match;
    }
    change.why = "simulation";
    auto running = co_await begin_simulation(c.at, c.who, std::move(change));
    co_return told(c, running);
}

awaitable<answer<outcome>> begin_roles(call& c) {
    auto running = co_await begin_role_matrix(c.at, c.who, member_slug(c.in_path("member")));
    co_return told(c, running);
}

awaitable<answer<outcome>> test_directory(call& c) {
    auto running = co_await begin_directory_test(c.at, c.who, member_slug(c.in_path("member")));
    co_return told(c, running);
}

awaitable<answer<outcome>> verify_audit_log(call& c) {
    auto running = co_await begin_audit_verification(c.at, c.who);
    co_return told(c, running);
}

awaitable<answer<outcome>> cancel_job(call& c) {
    const auto found = c.at.running.find(c.who, c.in_path("id"));
    if (!found) co_return no_such_thing();
    found->cancelled.store(true);
    co_return outcome{job_json(*found, c.at.settings), 202};
}

awaitable<answer<outcome>> put_subscription(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await book(c.at, c.who, booking_of(c), std::move(*why), c.if_match));
}

awaitable<answer<outcome>> delete_subscription(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(co_await end_booking(c.at, c.who, booking_of(c), std::move(*why), c.if_match));
}

awaitable<answer<outcome>> put_constraint_document(call& c) {
    const auto document = c.object_in("constraint");
    if (!document) co_return document.error();
    auto made = constraint_from(*document);
    if (!made) co_return made.error();
    if (made->id.empty()) made->id = c.in_path("id");
    if (made->id != c.in_path("id")) co_return invalid("constraint.id", "differs_from_address");
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(
        co_await put_constraint(c.at, c.who, std::move(*made), std::move(*why), c.if_match));
}

awaitable<answer<outcome>> delete_constraint(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    co_return told(
        co_await remove_constraint(c.at, c.who, c.in_path("id"), std::move(*why), c.if_match));
}

awaitable<answer<outcome>> look_up_person(call& c) {
    auto member = c.text("member");
    if (!member) co_return member.error();
    auto name = c.text("user_name");
    if (!name) co_return name.error();
    auto found = co_await find_person(c.at, c.who, member_slug(*member), std::move(*name));
    if (!found) co_return found.error();
    object made;
    made["id"] = found->id.view();
    made["member"] = found->member.view();
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> end_person_sessions(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto ended =
        co_await end_sessions(c.at, c.who, person_id(c.in_path("person")), std::move(*why));
    if (!ended) co_return ended.error();
    object made;
    made["ended"] = *ended;
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> post_erasure(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    const auto erased =
        co_await erase_person(c.at, c.who, person_id(c.in_path("person")), std::move(*why));
    if (!erased) co_return erased.error();
    object made;
    made["sessions"] = erased->sessions;
    made["documents"] = erased->documents;
    made["revision"] = erased->revision;
    co_return outcome{std::move(made), 200, erased->revision};
}

awaitable<answer<outcome>> post_grant(call& c) {
    grant_request wanted;
    auto member = c.text("member");
    auto person = c.text("person");
    auto role = c.text("role");
    auto reason = c.text("reason");
    for (const auto* one : {&member, &person, &role, &reason}) {
        if (!*one) co_return one->error();
    }
    auto from = c.day_in("from");
    auto until = c.day_in("until");
    if (!from) co_return from.error();
    if (!until) co_return until.error();
    auto members = c.members_in("for_members");
    if (!members) co_return members.error();
    wanted.member = member_slug(std::move(*member));
    wanted.person = person_id(std::move(*person));
    wanted.role = role_name(std::move(*role));
    wanted.reason = std::move(*reason);
    wanted.from = *from;
    wanted.until = *until;
    wanted.for_members = std::move(*members);
    auto made = co_await request_grant(c.at, c.who, std::move(wanted));
    if (!made) co_return made.error();
    co_return grant_outcome(*made);
}

awaitable<answer<outcome>> post_grant_approval(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(
        co_await approve_grant(c.at, c.who, c.in_path("id"), std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> post_mapping_approval(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(
        co_await approve_mapping(c.at, c.who, c.in_path("id"), std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> delete_mapping_approval(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(
        co_await refuse_mapping(c.at, c.who, c.in_path("id"), std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> delete_grant(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(
        co_await end_grant(c.at, c.who, c.in_path("id"), std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> post_role_end(call& c) {
    auto member = c.text("member");
    auto role = c.text("role");
    auto why = c.text("why");
    for (const auto* one : {&member, &role, &why}) {
        if (!*one) co_return one->error();
    }
    co_return told(co_await end_role(c.at, c.who, member_slug(*member),
                                     person_id(c.in_path("person")), role_name(*role), *why));
}

awaitable<answer<outcome>> post_agreement(call& c) {
    auto document = c.text("document");
    auto target = c.text("target");
    auto why = c.text("why");
    for (const auto* one : {&document, &target, &why}) {
        if (!*one) co_return one->error();
    }
    const auto agreed = c.truth("agreed");
    if (!agreed) co_return agreed.error();
    if (document->empty()) co_return invalid("document", "missing");
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(co_await agree(c.at, c.who, *document, member_slug(*target), *agreed, *why,
                                  std::move(*shown)));
}

awaitable<answer<outcome>> post_exception(call& c) {
    exception_request wanted;
    auto constraint = c.text("constraint");
    auto member = c.text("member");
    auto person = c.text("person");
    auto reason = c.text("reason");
    for (const auto* one : {&constraint, &member, &person, &reason}) {
        if (!*one) co_return one->error();
    }
    auto until = c.day_in("until");
    if (!until) co_return until.error();
    wanted.constraint = std::move(*constraint);
    wanted.member = member_slug(std::move(*member));
    wanted.person = person_id(std::move(*person));
    wanted.reason = std::move(*reason);
    wanted.until = *until;
    auto made = co_await request_exception(c.at, c.who, std::move(wanted));
    if (!made) co_return made.error();
    co_return grant_outcome(*made);
}

awaitable<answer<outcome>> post_exception_approval(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(co_await approve_exception(c.at, c.who, c.in_path("id"), std::move(*why),
                                              std::move(*shown)));
}

awaitable<answer<outcome>> delete_exception(call& c) {
    auto why = c.text("why");
    if (!why) co_return why.error();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    co_return told(
        co_await end_exception(c.at, c.who, c.in_path("id"), std::move(*why), std::move(*shown)));
}

awaitable<answer<outcome>> post_campaign(call& c) {
    campaign_request wanted;
    auto title = c.text("title");
    if (!title) co_return title.error();
    auto due = c.day_in("due");
    if (!due) co_return due.error();
    auto members = c.members_in("members");
    if (!members) co_return members.error();
    const auto ends = c.truth("ends_unanswered");
    if (!ends) co_return ends.error();
    wanted.title = std::move(*title);
    wanted.due = *due;
    wanted.members = std::move(*members);
    wanted.ends_unanswered = *ends;
    auto running = co_await begin_campaign(c.at, c.who, std::move(wanted));
    co_return told(c, running);
}

awaitable<answer<outcome>> post_item_answer(call& c) {
    auto given = c.text("answer");
    if (!given) co_return given.error();
    if (*given != "confirm" && *given != "end") co_return invalid("answer", "unknown_word");
    const auto number = http::decimal_number(c.in_path("number"));
    if (!number) co_return no_such_thing();
    auto shown = shown_in(c);
    if (!shown) co_return shown.error();
    const auto done = co_await answer_item(c.at, c.who, c.in_path("id"), *number,
                                           *given == "confirm", std::move(*shown));
    if (!done) co_return done.error();
    object made;
    made["answered"] = true;
    co_return outcome{std::move(made)};
}

}  // namespace kommpass::idp::api
