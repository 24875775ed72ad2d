#include "idp/admin/actor.hpp"
#include "idp/admin/document_json.hpp"
#include "idp/admin/job_results.hpp"
#include "idp/admin/jobs.hpp"
#include "idp/admin/long_work.hpp"
#include "idp/admin/mappings.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/registry_change.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/admin/shown_document.hpp"
#include "idp/admin/token_weight.hpp"
#include "idp/console/extent_text.hpp"
#include "idp/console/pages.hpp"
#include "idp/http/form.hpp"
#include "idp/web/language.hpp"
#include "policies/explain.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace kommpass::idp::console {
namespace {

using web::flag;
using web::page_data;
using web::put;
using web::put_list;

// The editor's fields, as they are typed.
struct draft {
    policies::mapping rule;
    std::string from, until, for_members, why;
    long long expected = 0;
    std::optional<refusal> wrong;
};

draft draft_in(const console_request& v) {
    draft made;
    auto& rule = made.rule;
    rule.id = v.in_form("id");
    if (const auto member = v.in_form("member"); !member.empty()) rule.member = member_slug(member);
    rule.group = v.in_form("group");
    rule.attribute = v.in_form("attribute");
    rule.attribute_value = v.in_form("attribute_value");
    rule.within = v.in_form("within");
    for (const auto& role : v.all_in_form("role")) rule.roles.emplace_back(role);
    made.for_members = v.in_form("for_members");
    for (const auto& one : words_in(made.for_members)) rule.for_members.emplace_back(one);
    rule.note = v.in_form("note");
    made.from = v.in_form("from");
    made.until = v.in_form("until");
    made.why = v.in_form("why");
    for (const auto& [field, text, into] : {std::tuple{"from", &made.from, &rule.from},
                                            std::tuple{"until", &made.until, &rule.until}}) {
        if (text->empty()) continue;
        *into = parse_day(*text);
        if (!*into) made.wrong = invalid(field, "must_be_day");
    }
    const auto expected = v.in_form("expected");
    std::from_chars(expected.data(), expected.data() + expected.size(), made.expected);
    // Who agreed stays as it is, as far as it still fits; the change itself decides.
    if (const auto known = find_mapping(v.at, v.who, rule.id)) {
        const auto& was = *known->document;
        rule.agreed = was.agreed;
        rule.state = was.state;
        rule.asked_by = was.asked_by;
        rule.asked_on = was.asked_on;
        rule.approved_by = was.approved_by;
        rule.approved_on = was.approved_on;
    }
    std::erase_if(rule.agreed, [&](const member_slug& one) {
        return std::find(rule.for_members.begin(), rule.for_members.end(), one) ==
               rule.for_members.end();
    });
    return made;
}

draft draft_of(const policies::mapping& rule, long long revision) {
    draft made;
    made.rule = rule;
    if (rule.from) made.from = to_string(*rule.from);
    if (rule.until) made.until = to_string(*rule.until);
    std::vector<std::string> names;
    for (const auto& one : rule.for_members) names.push_back(one.str());
    made.for_members = joined(names, " ");
    made.expected = revision;
    return made;
}

std::string scoped_text(const std::vector<policies::scoped_role>& all, const member_slug& own) {
    std::vector<std::string> parts;
    for (const auto& one : all) {
        auto text = one.role.str();
        if (one.for_member != own) text += " (" + one.for_member.str() + ")";
        parts.push_back(std::move(text));
    }
    return joined(parts);
}

page_data effect_row(const policies::person_effect& effect, const std::string& gains,
                     const std::string& loses) {
    page_data row;
    put(row, "name", effect.display_name.empty() ? effect.login_name : effect.display_name);
    put(row, "login", effect.login_name);
    put(row, "gains", gains);
    put(row, "loses", loses);
    std::vector<std::string> clashes;
    for (const auto& found : effect.new_conflicts)
        clashes.push_back(sentence(found, policies::language::de));
    put(row, "clash", joined(clashes, "; "));
    return row;
}

void put_effects(const console_request& v, page_data& data,
                 const std::vector<member_effects>& all) {
    constexpr std::size_t most_rows = 500;
    std::size_t gain = 0;
    std::size_t lose = 0;
    std::size_t persons = 0;
    std::size_t conflicts = 0;
    std::vector<std::string> cut_off;
    std::vector<page_data> list;
    for (const auto& of : all) {
        persons += of.effects.persons;
        conflicts += of.effects.conflicts;
        if (const auto left_out = extent_text(v, of.came); !left_out.empty())
            cut_off.push_back(v.member_name(of.member) + ": " + left_out);
        for (const auto& effect : of.effects.effects) {
            const auto gains = scoped_text(effect.gains, of.member);
            const auto loses = scoped_text(effect.loses, of.member);
            gain += gains.empty() ? 0 : 1;
            lose += loses.empty() ? 0 : 1;
            if (list.size() < most_rows) list.push_back(effect_row(effect, gains, loses));
        }
    }
    put(data, "effect_text",
        std::to_string(gain) + " " + v.text("console.effect_gain") + ", " + std::to_string(lose) +
            " " + v.text("console.effect_lose") + " (" + std::to_string(persons) + " " +
            v.text("console.effect_read") + ")");
    if (conflicts > 0) put(data, "effect_conflicts", v.text("console.effect_conflicts"));
    if (!cut_off.empty()) put(data, "effect_cut_off", joined(cut_off, " "));
    put_list(data, "effects", std::move(list));
}

std::vector<page_data> role_options(const std::vector<catalogue_entry>& choices,
                                    const policies::mapping& rule) {
    std::vector<page_data> list;
    for (const auto& [application, role] : choices) {
        page_data one;
        put(one, "role", role->name.str());
        put(one, "role_title", application->name.de + ": " + role->title.de);
        flag(one, "checked",
             std::find(rule.roles.begin(), rule.roles.end(), role->name) != rule.roles.end());
        list.push_back(std::move(one));
    }
    // What is chosen stands first, where one sees it.
    std::stable_partition(list.begin(), list.end(), [](const page_data& one) {
        const auto* checked = one.get("checked");
        return checked != nullptr && checked->is_true();
    });
    return list;
}

http::response editor(console_request& v, const draft& shown,
                      const std::vector<member_effects>* effects, bool of_removal) {
    const auto& rule = shown.rule;
    const auto choices = choices_for(v.at, v.who, rule);
    if (!choices) return show_refusal(v, choices.error());
    page_data data;
    const bool exists = choices->in_force != nullptr;
    flag(data, "may_map", choices->may_change);
    flag(data, "exists", exists);
    put(data, "expected", std::to_string(shown.expected));
    put(data, "id", rule.id);
    put(data, "group", rule.group);
    put(data, "attribute", rule.attribute);
    put(data, "attribute_value", rule.attribute_value);
    put(data, "within", rule.within);
    put(data, "for_members", shown.for_members);
    put(data, "from", shown.from);
    put(data, "until", shown.until);
    put(data, "note", rule.note);
    put(data, "why", shown.why);
    put_list(data, "members",
             member_options(choices->members, rule.member ? rule.member->str() : "",
                            choices->may_be_everybodys ? v.text("console.everyone") : ""));
    put_list(data, "roles", role_options(choices->roles, rule));
    if (effects != nullptr) put_effects(v, data, *effects);
    const bool in_german = v.lang == web::language::de;
    put(data, "token_note",
        joined(advice_on(choices->registry->documents(), rule, in_german), " "));
    put(data, "preview_button", effects == nullptr ? "primary" : "secondary");
    flag(data, "has_effects", effects != nullptr && !of_removal);
    flag(data, "has_removal", effects != nullptr && of_removal);
    const auto& registry = *choices->registry;
    if (const auto* author = exists ? registry.author_of("mappings/" + rule.id) : nullptr) {
        put(data, "author",
            v.text("console.revision") + " " + std::to_string(author->revision) + ", " +
                v.time_text(author->at) + ": " + author->why);
    }
    return show(v, "console_mapping",
                exists ? v.text("console.mapping") + " " + rule.id : v.text("console.new_mapping"),
                std::move(data));
}

// Refused with everything that was typed still there.
http::response refused(console_request& v, const draft& typed, refusal no) {
    v.problem = std::move(no);
    auto again = typed;
    if (v.problem->why == refusal::reason::stale) again.expected = v.revision();
    return editor(v, again, nullptr, false);
}

std::optional<long long> expected_by(const draft& wanted) {
    if (wanted.expected > 0) return wanted.expected;
    return std::nullopt;
}

// The draft goes along with the job, so that the page of its result can show it again.
page preview(console_request& v, const draft& wanted, bool removes) {
    auto change = removes ? removal_of_mapping(wanted.rule.id) : change_to(wanted.rule);
    change.why = wanted.why.empty() ? "simulation" : wanted.why;
    change.expected = expected_by(wanted);
    auto running = co_await begin_simulation(v.at, v.who, std::move(change));
    if (!running) co_return refused(v, wanted, running.error());
    boost::json::object kept;
    kept["mapping"] = to_json(wanted.rule);
    kept["why"] = wanted.why;
    kept["expected"] = wanted.expected;
    kept["removes"] = removes;
    (*running)->remember(std::move(kept));
    co_return http::see_other("/console/jobs/" + (*running)->id);
}

page preview_result(console_request& v) {
    const auto found = v.at.running.find(v.who, v.in_query("job"));
    const auto ended = found ? found->outcome() : nullptr;
    const auto* made = result_of<simulated_change>(ended);
    const auto kept = found ? found->remembered() : boost::json::object();
    if (made == nullptr || !kept.contains("mapping")) co_return show_refusal(v, no_such_thing());
    const auto rule = mapping_from(kept.at("mapping").as_object());
    if (!rule) co_return show_refusal(v, rule.error());
    auto shown = draft_of(*rule, kept.at("expected").as_int64());
    shown.why = std::string(kept.at("why").as_string());
    co_return editor(v, shown, &made->effects, kept.at("removes").as_bool());
}

}  // namespace

page mapping_page(console_request& v) {
    const auto id = v.segment(1);
    if (id == "preview") co_return co_await preview_result(v);
    if (id == "new") {
        draft fresh;
        fresh.expected = v.revision();
        const auto member = v.in_query("member");
        if (!member.empty()) fresh.rule.member = member_slug(member);
        const auto role = v.in_query("role");
        if (!role.empty()) fresh.rule.roles.emplace_back(role);
        co_return editor(v, fresh, nullptr, false);
    }
    const auto found = find_mapping(v.at, v.who, id);
    if (!found) co_return show_refusal(v, found.error());
    co_return editor(v, draft_of(*found->document, found->registry->revision()), nullptr, false);
}

page mapping_again(console_request& v) {
    if (!v.problem) co_return http::see_other("/console/mappings");
    auto no = *v.problem;
    co_return refused(v, draft_in(v), std::move(no));
}

page post_mapping(console_request& v) {
    const auto wanted = draft_in(v);
    const auto action = v.in_form("action");
    if (wanted.wrong) co_return refused(v, wanted, *wanted.wrong);
    if (action == "preview") co_return co_await preview(v, wanted, false);
    if (action == "preview-removal") co_return co_await preview(v, wanted, true);
    const bool removes = action == "remove";
    auto rule = wanted.rule;
    auto why = wanted.why;
    if (removes) {
        const auto done =
            co_await remove_mapping(v.at, v.who, rule.id, std::move(why), expected_by(wanted));
        if (!done) co_return refused(v, wanted, done.error());
        co_return go_on("/console/mappings", "removed");
    }
    const auto made =
        co_await put_mapping(v.at, v.who, std::move(rule), std::move(why), expected_by(wanted));
    if (!made) co_return refused(v, wanted, made.error());
    co_return go_on("/console/mappings/" + wanted.rule.id, made->waits ? "request" : "mapping");
}

}  // namespace kommpass::idp::console
