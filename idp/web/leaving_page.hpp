#pragma once

#include <string>

namespace kommpass::idp::web {

struct frame;

// On to an application: the browser goes there by itself (the answer's Refresh header), or by the
// link.
struct leaving_page {
    std::string uri;  // http or https
};

[[nodiscard]] std::string render(const frame&, const leaving_page&);

}  // namespace kommpass::idp::web
