#include "idp/console/console_request.hpp"

#include "idp/admin/actor.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/admin/seen_documents.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/web/catalogue.hpp"
#include "idp/web/language.hpp"
#include "idp/web/local_time_text.hpp"
#include "policies/explain.hpp"

#include <algorithm>

namespace kommpass::idp::console {
namespace {

struct section {
    const char* path;
    const char* text;
    operation needs;
};

constexpr section sections[] = {
    {"", "console.overview", operation::see_overview},
    {"persons", "console.persons", operation::see_person},
    {"roles", "console.roles", operation::see_roles},
    {"mappings", "console.mappings", operation::see_roles},
    {"approvals", "console.approvals", operation::see_roles},
    {"campaigns", "console.campaigns", operation::see_campaign},
    {"applications", "console.applications", operation::see_application},
    {"revisions", "console.revisions", operation::see_revisions},
    {"audit", "console.audit", operation::search_audit},
    {"past", "past.title", operation::search_audit},
    {"usage", "console.usage", operation::report_usage},
    {"processing", "processing.title", operation::see_revisions},
    {"keys", "keys.title", operation::rotate_keys},
    {"outbox", "outbox.title", operation::handle_dead_letters},
};

std::vector<web::console_nav_entry> nav_of(const console_request& v) {
    std::vector<web::console_nav_entry> nav;
    if (v.who.is_invited()) return nav;
    for (const auto& one : sections) {
        if (!v.who.may_anywhere(one.needs)) continue;
        const std::string href =
            *one.path == '\0' ? "/console" : "/console/" + std::string(one.path);
        nav.push_back({href, v.text(one.text), {}, v.segment(0) == one.path});
    }
    return nav;
}

void put_problem(web::console_frame& around, const console_request& v, const refusal& no) {
    const auto& words = web::catalogue::of(v.lang);
    const auto* text = words.find("refusal." + no.code);
    around.problem_title = v.text("refusal.title");
    around.problem_text =
        text != nullptr ? *text : v.text("refusal.fallback") + " (" + no.code + ")";
    around.problem_lines = no.details;
}

}  // namespace

std::string console_request::text(std::string_view key) const {
    return web::catalogue::of(lang).text(key);
}

std::string console_request::in_query(std::string_view name) const {
    return std::string(query.get(name).value_or(std::string_view()));
}

std::string console_request::in_form(std::string_view name) const {
    return std::string(posted.get(name).value_or(std::string_view()));
}

std::vector<std::string> console_request::all_in_form(std::string_view name) const {
    std::vector<std::string> all;
    for (const auto& [key, value] : posted.all()) {
        if (key == name) all.push_back(value);
    }
    return all;
}

std::string console_request::segment(std::size_t at_place) const {
    return at_place < path.size() ? path[at_place] : std::string();
}

std::string console_request::member_name(const member_slug& slug) const {
    const auto all = at.registry.get();
    const auto* one = all->find_member(slug);
    return one == nullptr ? slug.str() : one->name.de;
}

std::string console_request::application_name(const application_key& key) const {
    const auto all = at.registry.get();
    const auto* one = all->find_application(key);
    return one == nullptr ? key.str() : one->name.de;
}

long long console_request::revision() const { return at.registry.get()->revision(); }

std::string console_request::day_text(day one) const {
    return policies::day_text(
        one, lang == web::language::en ? policies::language::en : policies::language::de);
}

std::string console_request::time_text(instant moment) const {
    return web::local_time_text(moment, lang);
}

http::response show(const console_request& v, std::string_view name, const std::string& title,
                    web::page_data data) {
    web::console_frame around;
    around.lang = v.lang;
    around.request_id = v.request.id;
    around.actor_name = v.who.is_invited() ? v.text("invitation.name") : v.who.name();
    if (!v.who.member().empty()) around.actor_member = v.member_name(v.who.member());
    around.nav = nav_of(v);
    around.emergency = v.emergency;
    around.csrf = v.csrf;
    around.here = v.request.path + (v.request.query.empty() ? "" : "?" + v.request.query);
    around.revision = std::to_string(v.revision());
    if (v.problem) put_problem(around, v, *v.problem);
    const auto done = v.in_query("done");
    const auto* words =
        done.empty() ? nullptr : web::catalogue::of(v.lang).find("console.done_" + done);
    if (words != nullptr && !v.problem) around.done_text = *words;
    auto answer = http::html(v.problem ? status_of(*v.problem) : 200,
                             web::render_console(name, around, title, std::move(data)));
    answer.own_scripts = true;
    return answer;
}

http::response show_refusal(console_request& v, refusal no) {
    auto with = v;
    with.problem = no;
    v.refused = std::move(no);
    web::page_data data;
    web::put(data, "back", "/console");
    return show(with, "console_refusal", v.text("refusal.heading"), std::move(data));
}

http::response go_on(const std::string& path, std::string_view done) {
    return http::see_other(path + (path.find('?') == std::string::npos ? "?" : "&") +
                           "done=" + std::string(done));
}

std::vector<web::page_data> member_options(const std::vector<const policies::member*>& members,
                                           const std::string& selected,
                                           const std::string& for_all) {
    std::vector<web::page_data> options;
    const auto add = [&](const std::string& slug, const std::string& name) {
        web::page_data one;
        one.set("slug", slug);
        web::put(one, "member_name", name);
        web::flag(one, "selected", slug == selected);
        options.push_back(std::move(one));
    };
    if (!for_all.empty()) add("", for_all);
    for (const auto* member : members) add(member->slug.str(), member->name.de);
    return options;
}

std::vector<web::page_data> application_options(const console_request& v,
                                                const std::string& selected) {
    std::vector<web::page_data> options;
    const auto all = list_applications(v.at, v.who);
    if (!all) return options;
    for (const auto* application : all->documents) {
        web::page_data one;
        web::put(one, "key", application->key.str());
        web::put(one, "application", application->name.de);
        web::flag(one, "selected", application->key.view() == selected);
        options.push_back(std::move(one));
    }
    return options;
}

std::vector<web::page_data> options(const std::vector<std::pair<std::string, std::string>>& all,
                                    const std::string& selected) {
    std::vector<web::page_data> list;
    for (const auto& [value, label] : all) {
        web::page_data one;
        one.set("option", value);
        web::put(one, "option_label", label);
        web::flag(one, "selected", value == selected);
        list.push_back(std::move(one));
    }
    return list;
}

std::vector<std::string> words_in(const std::string& text) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto end = std::min(text.find_first_of(" ,;\r\n", at), text.size());
        if (end > at) words.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

void put_facts(web::page_data& data,
               const std::vector<std::pair<std::string, std::string>>& facts) {
    std::vector<web::page_data> list;
    for (const auto& [fact, value] : facts) {
        if (value.empty()) continue;
        web::page_data one;
        web::put(one, "fact", fact);
        web::put(one, "fact_value", value);
        list.push_back(std::move(one));
    }
    web::put_list(data, "facts", std::move(list));
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text.append(between);
        text.append(part);
    }
    return text;
}

}  // namespace kommpass::idp::console
