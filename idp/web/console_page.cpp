#include "idp/web/console_page.hpp"

#include "idp/web/catalogue.hpp"
#include "idp/web/frame.hpp"

namespace kommpass::idp::web {

void put(page_data& page, const std::string& name, const std::string& text) {
    if (!text.empty()) page.set(name, text);
}

void flag(page_data& page, const std::string& name, bool truth) {
    page.set(name, truth ? page_data::type::bool_true : page_data::type::bool_false);
}

void put_list(page_data& page, const std::string& name, std::vector<page_data> entries) {
    page_data list = page_data::type::list;
    flag(page, "any_" + name, !entries.empty());
    for (auto& one : entries) list.push_back(one);
    page.set(name, list);
}

std::string render_console(std::string_view name, const console_frame& around,
                           const std::string& title, page_data page) {
    put(page, "actor_name", around.actor_name);
    put(page, "actor_member", around.actor_member);
    std::vector<page_data> nav;
    for (const auto& entry : around.nav) {
        page_data one;
        put(one, "href", entry.href);
        put(one, "label", entry.label);
        put(one, "count", entry.count);
        flag(one, "current", entry.current);
        nav.push_back(std::move(one));
    }
    put_list(page, "nav", std::move(nav));
    flag(page, "emergency", around.emergency);
    put(page, "csrf", around.csrf);
    put(page, "here", around.here);
    put(page, "revision", around.revision);
    put(page, "problem_title", around.problem_title);
    put(page, "problem_text", around.problem_text);
    std::vector<page_data> lines;
    for (const auto& text : around.problem_lines) {
        page_data one;
        put(one, "line", text);
        lines.push_back(std::move(one));
    }
    flag(page, "problem_details", !lines.empty());
    put_list(page, "problem_lines", std::move(lines));
    put(page, "done_text", around.done_text);
    frame outer;
    outer.lang = around.lang == language::en ? language::en : language::de;
    outer.request_id = around.request_id;
    return fill_titled(name, outer, title, std::move(page));
}

std::string render_one_time_link(const frame& around, std::string_view name,
                                 const std::string& code) {
    page_data page;
    put(page, "code", code);
    return fill(name, around, std::string(name) + ".title", std::move(page));
}

}  // namespace kommpass::idp::web
