#pragma once

#include <string>
#include <string_view>

namespace kommpass::idp::gateway {

// The path that a browser asks an application for, as its proxy tells it, read once in the one way
// in which rules are matched.
struct requested_path {
    std::string literal;  // decoded once; without the query
    // As the laxest application would read it: without parameters of segments (";v=1"), empty
    // segments and dots or spaces at the end of one, in lower case (ASCII). What protects is
    // matched with this, what opens with both.
    std::string folded;
    // Two readers could see two paths in it: dots as a segment, an encoded '/' or '%', a backslash,
    // a fragment, control characters, bytes that are not UTF-8. Nobody gets through with it.
    bool ambiguous = false;
};

// `uri`: path and query as they stood in the request line. Pure.
[[nodiscard]] requested_path read_path(std::string_view uri);

}  // namespace kommpass::idp::gateway
