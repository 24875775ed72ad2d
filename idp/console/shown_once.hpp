#pragma once

#include "idp/console/console_request.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// What a page shows once, after the form that made it: a client's new secret, the link of an
// invitation. A form is answered with a redirect (decision 33), and what is secret stands in no
// address and in no store: it waits, sealed, in a cookie of the browser that asked for it, for the
// page that it was made for and the session that made it. The page takes it away.
namespace kommpass::idp::console {

inline constexpr auto shown_once_lifetime = std::chrono::minutes(1);

// With the redirect to the page at `path`.
void show_once(const console_request&, http::response&, std::string_view path,
               std::string_view what);
// What waits for this page; nothing: it was shown, is too old, or was made for another one.
[[nodiscard]] std::optional<std::string> waiting_for(const console_request&);

// The same for what is good until a moment: the redirect to its page, and what waits there.
struct dated_secret {
    std::string text;
    instant good_until{};
};
[[nodiscard]] http::response to_shown_once(const console_request&, const std::string& path,
                                           const dated_secret&);
[[nodiscard]] std::optional<dated_secret> dated_waiting_for(const console_request&);

// With the page that shows it.
void forget_shown(http::response&);

}  // namespace kommpass::idp::console
