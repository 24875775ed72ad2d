#pragma once

#include "config/vocabulary/clock.hpp"
#include "config/vocabulary/local_day.hpp"
#include "config/vocabulary/strong_string.hpp"
#include "idp/admin/refusal.hpp"
#include "idp/console/admin_words.hpp"
#include "idp/console/console_parts.hpp"
#include "idp/http/response.hpp"
#include "idp/web/console_page.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::http {
class form;
struct request;
}  // namespace kommpass::idp::http

namespace kommpass::policies {
struct member;
}

namespace kommpass::idp::admin {
enum class operation : std::uint8_t;
struct operation_context;
class actor;
}  // namespace kommpass::idp::admin

namespace kommpass::idp::console {

// One request to the console, of somebody who may use it.
struct console_request {
    const console_parts& parts;
    const http::request& request;
    operation_context& at;
    const actor& who;
    std::string csrf;
    bool emergency = false;
    language lang = language::de;
    std::vector<std::string> path;  // segments behind /console: {"persons", "01J..."}
    http::form& query;
    http::form& posted;                // of a POST; else empty
    std::optional<refusal> problem{};  // shown on the page, with what was typed
    std::optional<refusal> refused{};  // shown in place of a page

    [[nodiscard]] std::string text(std::string_view key) const;  // "console.roles" in its language
    [[nodiscard]] std::string in_query(std::string_view name) const;
    [[nodiscard]] std::string in_form(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all_in_form(std::string_view name) const;
    [[nodiscard]] std::string segment(std::size_t at) const;  // empty if there is none
    [[nodiscard]] long long revision() const;                 // of the registry, the newest
    // By what people know them; of what is gone, the key.
    [[nodiscard]] std::string member_name(const member_slug&) const;
    [[nodiscard]] std::string application_name(const application_key&) const;
    [[nodiscard]] std::string day_text(day) const;
    [[nodiscard]] std::string time_text(instant) const;
};

using page = boost::asio::awaitable<http::response>;

// Fills a template in the console's frame.
[[nodiscard]] http::response show(const console_request&, std::string_view name,
                                  const std::string& title, web::page_data);
// A page that says why something was not done, where no other page can show it.
[[nodiscard]] http::response show_refusal(console_request&, refusal);
// After a POST: on to a page that says by `done` ("done_grant") what was done.
[[nodiscard]] http::response go_on(const std::string& path, std::string_view done);

// Members as options of a select; `for_all`: the words for all of them, if that may be chosen.
[[nodiscard]] std::vector<web::page_data> member_options(
    const std::vector<const policies::member*>&, const std::string& selected,
    const std::string& for_all = {});
// The applications that the actor may see, as options of a select.
[[nodiscard]] std::vector<web::page_data> application_options(const console_request&,
                                                              const std::string& selected);
// The options of a select, each with its value and its words.
[[nodiscard]] std::vector<web::page_data> options(
    const std::vector<std::pair<std::string, std::string>>&, const std::string& selected);
// What stands between spaces, commas, semicolons and line ends.
[[nodiscard]] std::vector<std::string> words_in(const std::string&);
// Two columns of facts.
void put_facts(web::page_data&, const std::vector<std::pair<std::string, std::string>>&);
[[nodiscard]] std::string joined(const std::vector<std::string>&, std::string_view between = ", ");

}  // namespace kommpass::idp::console
