#pragma once

#include <cstddef>
#include <string_view>

namespace kommpass::idp::http {

// Watches a request's head arrive, line by line, before any of it is parsed: so the bound on its
// size is exact, line ends that two servers could read differently never reach the parser, and the
// head is parsed once, in one piece. Feed it the same growing bytes again and again.
class header_lines {
public:
    enum class state {
        unfinished,
        complete,
        malformed,  // a bare LF, a folded line (RFC 9112, 5.2), or no method at the beginning
    };

    // `bytes`: everything from the first byte of the request line on.
    state look_at(std::string_view bytes) noexcept;

    // Of a complete head: its bytes with the empty line.
    [[nodiscard]] std::size_t size() const noexcept { return line_start_; }
    // Whether the request line has ended; else what is too long is the target (414, not 431).
    [[nodiscard]] bool past_first_line() const noexcept { return line_start_ > 0; }
    void reset() noexcept { line_start_ = 0; }

private:
    std::size_t line_start_ = 0;
};

}  // namespace kommpass::idp::http
