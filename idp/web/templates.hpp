#pragma once

#include <kainjow/mustache.hpp>

#include <string>
#include <string_view>

namespace kommpass::idp::web {

struct client_links;
struct frame;
struct refused_return;

using page_data = kainjow::mustache::data;

// Fills the template `name` in the frame's layout and language. Templates are parsed once for each
// language, with the texts put in; every `{{value}}` is escaped for HTML.
[[nodiscard]] std::string fill(std::string_view name, const frame&, std::string_view title_key,
                               page_data);
// The same with a title that is given.
[[nodiscard]] std::string fill_titled(std::string_view name, const frame&, const std::string& title,
                                      page_data);

// `policy_uri`, `tos_uri`, `logo_uri`, those that there are; `any_links` for the first two.
void put_links(page_data&, const client_links&);
// `unregistered_uri` or `unproven_uri`, cut; neither where there is none.
void put_refused_return(page_data&, const refused_return&);

[[nodiscard]] std::string escaped_html(std::string_view);

}  // namespace kommpass::idp::web
