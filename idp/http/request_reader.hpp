#pragma once

#include "idp/http/header_lines.hpp"
#include "idp/http/request.hpp"
#include "idp/http/request_parser.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kommpass::idp::http {

struct request_bounds {
    std::size_t header_bytes = 0;
    std::size_t body_bytes = 0;
};

// One connection's incoming bytes, cut into requests; does no I/O. Bytes behind a request stay for
// the next one (pipelining). What carried a secret (bodies, credentials, cookies) is overwritten
// as soon as its request is done with.
class request_reader {
public:
    explicit request_reader(request_bounds);
    request_reader(const request_reader&) = delete;
    request_reader& operator=(const request_reader&) = delete;
    ~request_reader();

    enum class step {
        need_more,      // read into `free_space()`, then `arrived()`
        send_continue,  // answer "100 Continue", then go on
        complete,       // `current()` is a whole request
        refused,        // `refusal()` says with which status; the connection cannot go on
    };
    step advance();

    [[nodiscard]] std::span<char> free_space();
    void arrived(std::size_t bytes) noexcept { end_ += bytes; }

    [[nodiscard]] request& current() noexcept { return request_; }
    [[nodiscard]] unsigned refusal() const noexcept { return refusal_; }
    // Whether a part of a request has arrived; else the connection is idle.
    [[nodiscard]] bool has_begun() const noexcept { return parser_ || begin_ != end_; }
    // What the client wants to happen after this request.
    [[nodiscard]] bool keep_alive() const { return parser_ && parser_->keep_alive(); }
    // Of the request at hand, once its head has been read.
    [[nodiscard]] bool is_http_1_0() const noexcept { return parser_ && !parser_->is_1_1(); }
    // Forgets the request at hand.
    void next_request();
    // Before a request that did not become complete is answered: of a head that was not read to its
    // end, no more than the path is left in `current()`, and nothing of the request before it.
    void give_up();

private:
    step refuse(unsigned status) noexcept;
    step parse();
    step look_at_head();
    void skip_empty_lines() noexcept;
    [[nodiscard]] std::string_view unread() const noexcept;

    request_bounds bounds_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;  // of what is not consumed
    std::size_t end_ = 0;    // of what has arrived
    header_lines lines_;
    request request_;
    std::optional<request_parser> parser_;
    unsigned refusal_ = 0;
    bool continue_sent_ = false;
};

}  // namespace kommpass::idp::http
