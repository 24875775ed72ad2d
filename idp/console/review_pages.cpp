// Reviews, revisions and the audit log.
#include "idp/admin/actor.hpp"
#include "idp/admin/audit_search.hpp"
#include "idp/admin/campaigns.hpp"
#include "idp/admin/history.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/persons.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/console/form_again.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/rule_facts.hpp"
#include "idp/http/form.hpp"
#include "idp/store/campaigns.hpp"
#include "policies/explain.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

long long number_of(const std::string& text) {
    long long number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string note_of(const console_request& v, const store::campaign& one) {
    std::vector<std::string> parts{
        v.text("console.started") + " " + v.time_text(one.started_at),
        v.text("console.due") + " " +
            v.day_text(local_day_of(one.due_at - std::chrono::seconds(1)))};
    if (one.closed_at != instant{})
        parts.push_back(v.text("console.closed") + " " + v.time_text(one.closed_at));
    else if (one.ends_unanswered)
        parts.push_back(v.text("console.ends_unanswered"));
    return joined(parts, " · ");
}

// The rules that give the roles of these items, each whole and once: who confirms answers for all
// that they say. An item links to its own.
class rules_section {
public:
    rules_section(const console_request& v, const policies::snapshot& registry,
                  const shown_names& names)
        : v_(v), registry_(registry), names_(names) {}

    // The links of one item.
    std::vector<page_data> links_to(const std::vector<std::string>& documents) {
        std::vector<page_data> links;
        for (const auto& document : documents) {
            const auto [at, is_new] = anchors_.try_emplace(document, anchors_.size() + 1);
            const auto anchor = "rule-" + std::to_string(at->second);
            if (is_new) rows_.push_back(row_of(document, anchor));
            page_data link;
            put(link, "rule", document);
            put(link, "anchor", anchor);
            links.push_back(std::move(link));
        }
        return links;
    }
    std::vector<page_data> take() { return std::move(rows_); }

private:
    page_data row_of(const std::string& document, const std::string& anchor) const {
        page_data row;
        put(row, "rule", document);
        put(row, "anchor", anchor);
        if (const auto* author = registry_.author_of(document))
            put(row, "rule_author", v_.day_text(local_day_of(author->at)) + ": " + author->why);
        put_facts(row, facts_of_rule(v_, registry_, document, names_));
        return row;
    }

    const console_request& v_;
    const policies::snapshot& registry_;
    const shown_names& names_;
    std::map<std::string, std::size_t> anchors_;
    std::vector<page_data> rows_;
};

}  // namespace

page campaigns_page(console_request& v) {
    const auto all = co_await list_campaigns(v.at, v.who);
    if (!all) co_return show_refusal(v, all.error());
    const auto startable = members_for(v.at, v.who, operation::start_campaign);
    page_data data;
    std::vector<page_data> list;
    for (const auto& view : *all) {
        page_data one;
        put(one, "campaign", view.campaign.title);
        put(one, "campaign_id", view.campaign.id);
        put(one, "campaign_note", note_of(v, view.campaign));
        std::vector<page_data> progress;
        for (const auto& of : view.progress) {
            page_data row;
            put(row, "slug", of.member.str());
            put(row, "member_name", v.member_name(of.member));
            put(row, "answered", std::to_string(of.answered));
            put(row, "items", std::to_string(of.items));
            put(row, "progress_text",
                std::to_string(of.answered) + " / " + std::to_string(of.items) + " " +
                    v.text("console.answered"));
            progress.push_back(std::move(row));
        }
        put_list(one, "progress", std::move(progress));
        list.push_back(std::move(one));
    }
    put_list(data, "campaigns", std::move(list));
    flag(data, "may_start", startable.has_value());
    put(data, "form_title", v.in_form("title"));
    put(data, "form_due", v.in_form("due"));
    if (startable)
        put_list(data, "members",
                 member_options(startable->documents, v.in_form("member"), v.text("console.all")));
    co_return show(v, "console_campaigns", v.text("console.campaigns"), std::move(data));
}

page post_campaign(console_request& v) {
    campaign_request wanted;
    wanted.title = v.in_form("title");
    wanted.due = parse_day(v.in_form("due"));
    if (const auto member = v.in_form("member"); !member.empty())
        wanted.members = {member_slug(member)};
    wanted.ends_unanswered = v.in_form("ends_unanswered") == "yes";
    auto running = co_await begin_campaign(v.at, v.who, std::move(wanted));
    if (!running) {
        v.problem = running.error();
        co_return co_await campaigns_page(v);
    }
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

page campaign_page(console_request& v) {
    const auto id = v.segment(1);
    const member_slug member(v.in_query("member"));
    const auto found =
        co_await campaign_items(v.at, v.who, id, member, number_of(v.in_query("after")), 50);
    if (!found) co_return show_refusal(v, found.error());
    std::vector<std::string> ids;
    const auto& registry = found->registry;
    for (const auto& item : found->items) {
        ids.push_back(item.person.str());
        for (const auto& document : item.documents) add_ids(registry->documents(), document, ids);
    }
    const auto names = co_await names_for(v.at, std::move(ids));
    const bool may =
        v.who.may(operation::answer_campaign, member) && found->campaign.closed_at == instant{};
    std::vector<page_data> list;
    rules_section rules(v, *registry, names);
    for (std::size_t i = 0; i < found->items.size(); ++i) {
        const auto& item = found->items[i];
        page_data one;
        put(one, "number", std::to_string(item.number));
        put(one, "digest", found->versions[i].digest);
        put(one, "person", item.person.str());
        put(one, "person_name", name_in(names, item.person.str()));
        put(one, "role", item.role.str());
        put(one, "role_title", role_text(v, *registry, item.role));
        put_list(one, "links", rules.links_to(item.documents));
        if (!item.answer.empty())
            put(one, "answered",
                v.text(item.answer == "confirmed" ? "console.confirmed" : "console.ended") + ", " +
                    v.time_text(item.answered_at));
        flag(one, "open", item.answer.empty() && may);
        list.push_back(std::move(one));
    }
    page_data data;
    put(data, "campaign_note", v.member_name(member) + " · " + note_of(v, found->campaign));
    if (found->more)
        put(data, "next",
            "/console/campaigns/" + id + "?member=" + member.str() +
                "&after=" + std::to_string(found->items.back().number));
    put_list(data, "items", std::move(list));
    put_list(data, "rules", rules.take());
    co_return show(v, "console_campaign", found->campaign.title, std::move(data));
}

page post_campaign_answer(console_request& v) {
    const auto done =
        co_await answer_item(v.at, v.who, std::string(), number_of(v.in_form("number")),
                             v.in_form("answer") == "confirm", shown_digest(v.in_form("digest")));
    if (!done) co_return show_refusal(v, done.error());
    auto back = v.in_form("back");
    if (!back.starts_with("/console/campaigns/")) back = "/console/campaigns";
    const auto shown = back.find("&done=");
    if (shown != std::string::npos) back.resize(shown);
    co_return go_on(back, "answer");
}

page revisions_page(console_request& v) {
    const auto all = co_await list_revisions(v.at, v.who, number_of(v.in_query("before")), 50);
    if (!all) co_return show_refusal(v, all.error());
    std::vector<std::string> ids;
    for (const auto& one : *all) ids.push_back(one.revision.who);
    const auto names = co_await names_of(v.at, std::move(ids));
    page_data data;
    std::vector<page_data> list;
    for (std::size_t i = 0; i < all->size(); ++i) {
        const auto& entry = (*all)[i];
        page_data one;
        put(one, "number", std::to_string(entry.revision.number));
        put(one, "time", v.time_text(entry.revision.at));
        put(one, "who", names[i].display_name);
        put(one, "why", entry.revision.why);
        auto documents = entry.documents;
        const auto more = documents.size() > 4 ? documents.size() - 4 : 0;
        documents.resize(documents.size() - more);
        put(one, "documents", joined(documents) + (more > 0 ? " … +" + std::to_string(more) : ""));
        list.push_back(std::move(one));
    }
    if (all->size() == 50)
        put(data, "next",
            "/console/revisions?before=" + std::to_string(all->back().revision.number));
    put_list(data, "revisions", std::move(list));
    co_return show(v, "console_revisions", v.text("console.revisions"), std::move(data));
}

namespace {

std::vector<page_data> lines_of(const std::vector<std::string>& difference) {
    std::vector<page_data> lines;
    for (const auto& line : difference) {
        page_data one;
        put(one, "line", line);
        const bool plus = line.find(": + ") != std::string::npos || line.ends_with(": +");
        put(one, "sign", plus ? "plus" : "minus");
        lines.push_back(std::move(one));
    }
    return lines;
}

}  // namespace

page revision_page(console_request& v) {
    const auto found = co_await view_revision(v.at, v.who, number_of(v.segment(1)));
    if (!found) co_return show_refusal(v, found.error());
    std::vector<std::string> ids{found->entry.revision.who};
    const auto names = co_await names_of(v.at, std::move(ids));
    page_data data;
    const auto number = std::to_string(found->entry.revision.number);
    put(data, "number", number);
    put(data, "time", v.time_text(found->entry.revision.at));
    put(data, "who", names.front().display_name);
    put(data, "why", found->entry.revision.why);
    flag(data, "partly", !found->entry.all_visible);
    put_list(data, "lines", lines_of(found->lines));
    if (v.who.may_everywhere(operation::roll_back) && found->entry.revision.number > 1) {
        const auto back = co_await view_way_back(v.at, v.who, found->entry.revision.number - 1);
        if (!back) co_return show_refusal(v, back.error());
        put(data, "expected", std::to_string(back->from));
        put_list(data, "back", lines_of(back->lines));
        flag(data, "may_roll_back", true);
    }
    put(data, "why_back", v.in_form("why"));
    for (const auto* field : {"remove_members", "new_subjects"}) {
        const auto typed = v.in_form(field);
        flag(data, std::string("asks_") + field,
             !typed.empty() || (v.problem && v.problem->field == field));
        put(data, field, typed);
    }
    co_return show(v, "console_revision", v.text("console.revision") + " " + number,
                   std::move(data));
}

namespace {

// What may go for good with the roll-back, as it was typed: names with space between them.
policies::named_losses losses_in(const console_request& v) {
    policies::named_losses named;
    std::istringstream members(v.in_form("remove_members"));
    for (std::string one; members >> one;) named.members.emplace(one);
    std::istringstream clients(v.in_form("new_subjects"));
    for (std::string one; clients >> one;) named.subjects.emplace(one);
    return named;
}

}  // namespace

page post_rollback(console_request& v) {
    const auto number = number_of(v.segment(1));
    const auto expected = number_of(v.in_form("expected"));
    const auto done = co_await roll_back(
        v.at, v.who, number - 1, v.in_form("why"),
        expected > 0 ? std::optional(expected) : std::optional<long long>(), losses_in(v));
    if (!done) {
        v.problem = done.error();
        co_return co_await revision_page(v);
    }
    co_return go_on("/console/revisions", "rollback");
}

namespace {

void put_search(const console_request& v, page_data& data,
                const std::vector<const policies::member*>& members) {
    for (const auto* name : {"purpose", "person", "event", "from", "until"})
        put(data, name, v.in_form(name));
    const auto everyone =
        v.who.may_everywhere(operation::search_audit) ? v.text("console.all") : std::string();
    put_list(data, "members", member_options(members, v.in_form("member"), everyone));
    put_list(data, "applications", application_options(v, v.in_form("application")));
    flag(data, "may_verify", v.who.may_everywhere(operation::verify_audit));
}

std::vector<page_data> record_rows(const console_request& v, const found_records& found) {
    std::vector<page_data> list;
    for (const auto& [sequence, record] : found.records) {
        page_data one;
        put(one, "time", v.time_text(record.at));
        put(one, "sequence", std::to_string(sequence));
        put(one, "record_event", record.event);
        put(one, "record_result", record.result);
        if (!record.member.empty()) put(one, "record_member", v.member_name(record.member));
        put(one, "record_person", record.person.str());
        put(one, "record_person_short", record.person.str().substr(0, 8) + "…");
        put(one, "record_detail", record.detail_json == "{}" ? std::string() : record.detail_json);
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace

page audit_page(console_request& v) {
    const auto members = members_for(v.at, v.who, operation::search_audit);
    if (!members) co_return show_refusal(v, members.error());
    page_data data;
    put_search(v, data, members->documents);
    co_return show(v, "console_audit", v.text("console.audit"), std::move(data));
}

// A search has no effect but its record, so its page may be asked for again: each look is recorded.
page audit_answer(console_request& v) {
    if (v.problem || v.posted.all().empty()) co_return co_await audit_page(v);
    audit_query query;
    query.purpose = v.in_form("purpose");
    query.member = member_slug(v.in_form("member"));
    query.person = person_id(v.in_form("person"));
    query.application = application_key(v.in_form("application"));
    query.event = v.in_form("event");
    query.before = number_of(v.in_form("before"));
    for (const auto& [field, into] : {std::pair{"from", &query.from}, {"until", &query.until}}) {
        const auto text = v.in_form(field);
        if (text.empty()) continue;
        *into = parse_day(text);
        // Left out, it would be a search of everything.
        if (!*into) {
            v.problem = invalid(field, "must_be_day");
            co_return co_await audit_page(v);
        }
    }
    const auto found = co_await search_audit(v.at, v.who, std::move(query));
    if (!found) {
        v.problem = found.error();
        co_return co_await audit_page(v);
    }
    const auto members = members_for(v.at, v.who, operation::search_audit);
    if (!members) co_return show_refusal(v, members.error());
    page_data data;
    put_search(v, data, members->documents);
    flag(data, "searched", true);
    put_list(data, "records", record_rows(v, *found));
    if (found->next > 0) put(data, "next", std::to_string(found->next));
    co_return show(v, "console_audit", v.text("console.audit"), std::move(data));
}

page post_audit(console_request& v) {
    const auto members = members_for(v.at, v.who, operation::search_audit);
    if (!members) co_return show_refusal(v, members.error());
    if (auto answer = to_page_of_answer(v)) co_return *std::move(answer);
    co_return co_await audit_answer(v);
}

}  // namespace kommpass::idp::console
