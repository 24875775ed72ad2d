// What the API shows.
#include "idp/api/handlers.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/agreements.hpp"
#include "idp/admin/campaigns.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/overview.hpp"
#include "idp/admin/personal_data.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/api/json_list.hpp"
#include "idp/api/json_views.hpp"
#include "idp/audit/events.hpp"
#include "idp/http/decimal_number.hpp"
#include "policies/explain.hpp"

namespace kommpass::idp::api {
namespace {

using boost::asio::awaitable;
using boost::json::array;
using boost::json::object;
using boost::json::value;

object rights_of(const actor& who) {
    object made;
    for (const auto& one : rights()) {
        if (who.may_anywhere(one.operation))
            made[name_of(one.operation)] =
                who.may_everywhere(one.operation) ? "everywhere" : "own_members";
    }
    return made;
}

constexpr std::size_t page_size = 500;

// Those behind `after`, and no more than a page of them.
template <class Document, class Write>
array page_of(const call& c, const std::vector<const Document*>& all, Write write) {
    const auto after = c.in_query("after");
    array list;
    for (const auto* one : all) {
        if (one->id <= after) continue;
        if (list.size() == page_size) break;
        list.push_back(write(*one));
    }
    return list;
}

// With what it means and its digest, for whoever decides on it.
auto with_version(const policies::snapshot& registry) {
    return [&registry](const auto& one) {
        return admin::to_json(version_of(registry.documents(), one));
    };
}

// A full page says from where to go on. Of several lists on one page, all end at the same id, so
// that none is told twice and none left out.
void put_next(object& made, std::initializer_list<std::string_view> lists) {
    std::optional<std::string> last;
    for (const auto& name : lists) {
        const auto& all = made.at(name).get_array();
        if (all.size() < page_size) continue;
        std::string end(all.back().at("id").as_string());
        if (!last || end < *last) last = std::move(end);
    }
    if (!last) return;
    for (const auto& name : lists) {
        auto& all = made.at(name).get_array();
        while (!all.empty() && all.back().at("id").as_string() > *last) all.pop_back();
    }
    made["after"] = *last;
}

}  // namespace

awaitable<answer<outcome>> show_me(call& c) {
    object made;
    made["id"] = c.who.id();
    made["name"] = c.who.name();
    made["member"] = c.who.member().view();
    made["rights"] = rights_of(c.who);
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_overview(call& c) {
    const auto all = co_await look_around(c.at, c.who);
    if (!all) co_return all.error();
    co_return outcome{to_json(*all)};
}

awaitable<answer<outcome>> list_members(call& c) {
    const auto all = admin::list_members(c.at, c.who);
    if (!all) co_return all.error();
    object made;
    made["members"] = list_of(all->members, [](const seen_member& one) {
        object member;
        member["slug"] = one.document->slug.view();
        member["name"] = one.document->name.de;
        member["directory_silent_seconds"] = one.silent_for.count();
        return member;
    });
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> show_member(call& c) {
    const auto one = find_member(c.at, c.who, member_slug(c.in_path("member")));
    if (!one) co_return one.error();
    auto made = admin::to_json(*one->document);
    hide_machine(made);
    made["subscriptions"] =
        list_of(one->booked, [](const application_key& key) { return value(key.view()); });
    co_return outcome{std::move(made), 200, one->registry->revision()};
}

awaitable<answer<outcome>> list_applications(call& c) {
    const auto all = admin::list_applications(c.at, c.who);
    if (!all) co_return all.error();
    object made;
    made["applications"] = list_of(all->documents, [](const policies::application* application) {
        object one;
        one["key"] = application->key.view();
        one["name"] = application->name.de;
        one["roles"] = application->roles.size();
        return one;
    });
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> show_application(call& c) {
    const auto one = find_application(c.at, c.who, application_key(c.in_path("application")));
    if (!one) co_return one.error();
    const auto& application = *one->document;
    auto made = admin::to_json(application);
    made["clients"] = list_of(application.clients, [&](const policies::client& client) {
        return admin::to_json(version_of(application.key, client));
    });
    co_return outcome{std::move(made), 200, one->registry->revision()};
}

awaitable<answer<outcome>> list_mappings(call& c) {
    const auto all = admin::list_mappings(c.at, c.who, member_slug(c.in_query("member")));
    if (!all) co_return all.error();
    object made;
    made["mappings"] = page_of(c, all->documents, with_version(*all->registry));
    put_next(made, {"mappings"});
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> show_mapping(call& c) {
    const auto one = find_mapping(c.at, c.who, c.in_path("id"));
    if (!one) co_return one.error();
    const auto write = with_version(*one->registry);
    co_return outcome{write(*one->document), 200, one->registry->revision()};
}

awaitable<answer<outcome>> list_grants(call& c) {
    const auto all = admin::list_grants(c.at, c.who, member_slug(c.in_query("member")));
    if (!all) co_return all.error();
    const auto write = with_version(*all->registry);
    object made;
    made["grants"] = page_of(c, all->grants, write);
    made["exceptions"] = page_of(c, all->exceptions, write);
    made["withdrawals"] = page_of(
        c, all->withdrawals, [](const policies::withdrawal& one) { return admin::to_json(one); });
    put_next(made, {"grants", "exceptions", "withdrawals"});
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> list_agreements(call& c) {
    const auto all = admin::list_agreements(c.at, c.who);
    if (!all) co_return all.error();
    std::vector<std::string> askers;
    for (const auto& one : all->asked) askers.push_back(one.asked_by);
    const auto names = co_await names_of(c.at, std::move(askers));
    array list;
    for (std::size_t i = 0; i < all->asked.size(); ++i) {
        const auto& one = all->asked[i];
        object made;
        made["document"] = one.document;
        made["member"] = one.owner ? value(one.owner->view()) : value(nullptr);
        made["target"] = one.target.view();
        made["agreed"] = one.given;
        made["may_agree"] = one.may_agree;
        made["asked_by"] = one.asked_by;
        made["asked_by_name"] = names[i].display_name;
        made["asked_on"] = one.asked_on ? value(to_string(*one.asked_on)) : value(nullptr);
        made["why"] = one.why;
        made["rule"] = one.version.document;
        made["digest"] = one.version.digest;
        list.push_back(std::move(made));
    }
    object made;
    made["agreements"] = std::move(list);
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> list_constraints(call& c) {
    const auto all = admin::list_constraints(c.at, c.who);
    if (!all) co_return all.error();
    object made;
    made["constraints"] = list_of(
        all->documents, [](const policies::constraint* one) { return admin::to_json(*one); });
    co_return outcome{std::move(made), 200, all->registry->revision()};
}

awaitable<answer<outcome>> show_person(call& c) {
    const auto view = co_await view_person(c.at, c.who, person_id(c.in_path("person")));
    if (!view) co_return view.error();
    co_return outcome{to_json(*view), 200, view->registry->revision()};
}

awaitable<answer<outcome>> show_personal_data(call& c) {
    auto held = co_await personal_data(c.at, c.who, person_id(c.in_path("person")));
    if (!held) co_return held.error();
    co_return outcome{std::move(*held)};
}

awaitable<answer<outcome>> explain_person(call& c) {
    const auto view = co_await view_person(c.at, c.who, person_id(c.in_path("person")));
    if (!view) co_return view.error();
    const auto* application =
        view->registry->find_application(application_key(c.in_query("application")));
    if (application == nullptr) co_return invalid("application", "unknown_application");
    if (!view->who)
        co_return refusal{refusal::reason::unavailable, "directory_unavailable", {}, {}};
    const auto lang =
        c.in_query("language") == "en" ? policies::language::en : policies::language::de;
    object made;
    made["sentences"] =
        list_of(policies::explain(*view->registry, {*view->who, view->person.id, c.at.today()},
                                  *application, lang),
                [](const std::string& line) { return boost::json::value(line); });
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_campaigns(call& c) {
    const auto all = co_await list_campaigns(c.at, c.who);
    if (!all) co_return all.error();
    object made;
    made["campaigns"] = list_of(*all, [](const auto& one) { return to_json(one); });
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_campaign_items(call& c) {
    const auto after = http::decimal_number(c.in_query("after")).value_or(0);
    const auto page = co_await campaign_items(c.at, c.who, c.in_path("id"),
                                              member_slug(c.in_query("member")), after, 100);
    if (!page) co_return page.error();
    object made;
    array items;
    for (std::size_t i = 0; i < page->items.size(); ++i) {
        auto item = to_json(page->items[i]);
        item["means"] = page->versions[i].document.at("means");
        item["digest"] = page->versions[i].digest;
        items.push_back(std::move(item));
    }
    made["items"] = std::move(items);
    if (page->more) made["after"] = page->items.back().number;
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_revisions(call& c) {
    const auto before = http::decimal_number(c.in_query("before")).value_or(0);
    const auto all = co_await list_revisions(c.at, c.who, before, 50);
    if (!all) co_return all.error();
    object made;
    made["revisions"] = list_of(*all, [](const auto& one) { return to_json(one); });
    if (all->size() == 50) made["before"] = all->back().revision.number;
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_revision(call& c) {
    const auto number = http::decimal_number(c.in_path("number"));
    if (!number) co_return no_such_thing();
    const auto found = co_await view_revision(c.at, c.who, *number);
    if (!found) co_return found.error();
    auto made = to_json(found->entry);
    made["difference"] =
        list_of(found->lines, [](const std::string& line) { return boost::json::value(line); });
    if (c.who.may_everywhere(operation::roll_back)) {
        const auto back = co_await view_way_back(c.at, c.who, *number);
        if (!back) co_return back.error();
        object way;
        way["from"] = back->from;
        way["difference"] =
            list_of(back->lines, [](const std::string& line) { return boost::json::value(line); });
        made["rollback"] = std::move(way);
    }
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_audit(call& c) {
    audit_query query;
    query.purpose = c.in_query("purpose");
    query.member = member_slug(c.in_query("member"));
    query.person = person_id(c.in_query("person"));
    query.application = application_key(c.in_query("application"));
    query.event = c.in_query("event");
    query.before = http::decimal_number(c.in_query("before")).value_or(0);
    for (const auto& [name, into] : {std::pair{"from", &query.from}, {"until", &query.until}}) {
        const auto text = c.in_query(name);
        if (text.empty()) continue;
        *into = parse_day(text);
        if (!*into) co_return invalid(name, "must_be_day");
    }
    const auto page = co_await search_audit(c.at, c.who, std::move(query));
    if (!page) co_return page.error();
    object made;
    made["records"] = list_of(page->records, [](const auto& one) { return to_json(one); });
    if (page->next > 0) made["before"] = page->next;
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_usage(call& c) {
    const auto rows = co_await usage_report(c.at, c.who, c.in_query("month"));
    if (!rows) co_return rows.error();
    object made;
    made["month"] = c.in_query("month");
    made["usage"] = list_of(*rows, [](const auto& one) { return to_json(one); });
    co_return outcome{std::move(made)};
}

awaitable<answer<outcome>> show_job(call& c) {
    const auto found = c.at.running.find(c.who, c.in_path("id"));
    if (!found) co_return no_such_thing();
    co_return outcome{job_json(*found, c.at.settings)};
}

}  // namespace kommpass::idp::api
