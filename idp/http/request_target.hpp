#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kommpass::idp::http {

struct request_target {
    std::string path;        // decoded once; "*" of OPTIONS stays "*"
    std::string_view query;  // raw, without '?'
};

// Splits and decodes a request target in origin-form or absolute-form, or "*" (RFC 9112, 3.2).
// Nothing for bad percent sequences, control characters, a fragment, bytes that are not UTF-8, an
// encoded slash, and "." or ".." as a segment: no route of ours needs them, and two readers of
// them rarely agree. The authority of an absolute-form is checked for its characters only, since
// what the service calls itself is a setting.
[[nodiscard]] std::optional<request_target> parse_request_target(std::string_view target);

// Of a target that is none, or not whole: the segments of plain characters that it begins with,
// ending in '/', and not much of them. Says who was asked, so that a refusal can be in their words;
// leads to no route.
[[nodiscard]] std::string_view beginning_of_path(std::string_view target) noexcept;

// uri-host and port of RFC 9110, 7.2; may be empty (RFC 9112, 3.2).
[[nodiscard]] bool is_host(std::string_view host) noexcept;

}  // namespace kommpass::idp::http
