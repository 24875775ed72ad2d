#include "idp/http/header_lines.hpp"

#include "idp/http/header_grammar.hpp"

namespace kommpass::idp::http {

header_lines::state header_lines::look_at(std::string_view bytes) noexcept {
    if (bytes.empty()) return state::unfinished;
    if (!is_token_character(bytes.front())) return state::malformed;
    while (true) {
        const auto feed = bytes.find('\n', line_start_);
        if (feed == std::string_view::npos) return state::unfinished;
        if (feed == line_start_ || bytes[feed - 1] != '\r') return state::malformed;
        const auto first = bytes[line_start_];
        if (first == ' ' || first == '\t') return state::malformed;
        const bool empty_line = feed == line_start_ + 1;
        line_start_ = feed + 1;
        if (empty_line) return state::complete;
    }
}

}  // namespace kommpass::idp::http
