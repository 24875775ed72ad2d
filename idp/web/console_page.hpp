#pragma once

#include "config/vocabulary/language.hpp"
#include "idp/web/templates.hpp"

#include <string>
#include <string_view>
#include <vector>

// The pages of the console: a frame around a body that each page fills with its own data.
namespace kommpass::idp::web {

struct console_nav_entry {
    std::string href;
    std::string label;
    std::string count;  // empty: none
    bool current = false;
};

struct console_frame {
    language lang = language::de;
    std::string request_id;
    std::string actor_name;
    std::string actor_member;
    std::vector<console_nav_entry> nav;
    bool emergency = false;
    std::string csrf;
    std::string here;  // path and query of this page
    std::string revision;
    std::string problem_title;  // empty: no problem
    std::string problem_text;
    std::vector<std::string> problem_lines;
    std::string done_text;  // what has just been done; empty: nothing
};

// `name`: of the template, "console_person".
[[nodiscard]] std::string render_console(std::string_view name, const console_frame&,
                                         const std::string& title, page_data);
// What a link does that is good once: asks before it is used up. `name`: "break_glass",
// "invitation".
[[nodiscard]] std::string render_one_time_link(const frame&, std::string_view name,
                                               const std::string& code);

// Filling page data: an empty text counts as absent.
void put(page_data&, const std::string& name, const std::string& text);
void flag(page_data&, const std::string& name, bool truth);
// Sets the list and, if it has entries, the flag "any_<name>".
void put_list(page_data&, const std::string& name, std::vector<page_data>);

}  // namespace kommpass::idp::web
