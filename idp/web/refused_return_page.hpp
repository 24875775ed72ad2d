#pragma once

#include <string>

namespace kommpass::idp::web {

struct frame;

// Signed out, and not sent back: the address that the application named is not registered for it,
// or nothing proves whose it is. Said, never silently dropped (RP-Initiated Logout, 3).
struct refused_return_page {
    std::string uri;  // escaped, and cut, for whoever looks after the application
};

[[nodiscard]] std::string render(const frame&, const refused_return_page&);

// As much of an address as a page shows; whole characters only.
[[nodiscard]] std::string cut_address(const std::string& uri);

}  // namespace kommpass::idp::web
