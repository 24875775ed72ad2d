#include "idp/http/request_reader.hpp"

#include "config/vocabulary/secret_string.hpp"
#include "idp/http/request_target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

namespace kommpass::idp::http {
namespace {

constexpr std::size_t first_size = 4096;
// What a chunk's size line, extension or a trailer may take beside the body's own bytes.
constexpr std::size_t room_for_body_pieces = 4096;

bool is_secret(std::string_view name) noexcept {
    return name == "authorization" || name == "cookie";
}

}  // namespace

request_reader::request_reader(request_bounds bounds)
    : bounds_(bounds), buffer_(std::min(first_size, bounds.header_bytes)) {}

request_reader::~request_reader() { next_request(); }

std::string_view request_reader::unread() const noexcept {
    return {buffer_.data() + begin_, end_ - begin_};
}

std::span<char> request_reader::free_space() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == buffer_.size() && begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {
        // `advance` refuses a request before more than this is needed.
        const auto most = std::max(bounds_.header_bytes, room_for_body_pieces) + 1;
        std::vector<char> larger(std::min(buffer_.size() * 2, most));
        std::memcpy(larger.data(), buffer_.data(), end_);
        OPENSSL_cleanse(buffer_.data(), buffer_.size());
        buffer_ = std::move(larger);
    }
    return std::span(buffer_).subspan(end_);
}

request_reader::step request_reader::refuse(unsigned status) noexcept {
    refusal_ = status;
    return step::refused;
}

// RFC 9112, 2.2: empty lines before a request line are skipped.
void request_reader::skip_empty_lines() noexcept {
    while (unread().starts_with("\r\n")) begin_ += 2;
}

request_reader::step request_reader::advance() {
    if (!parser_) {
        if (const auto so_far = look_at_head(); so_far != step::complete) return so_far;
        parser_.emplace(request_, bounds_.header_bytes, bounds_.body_bytes);
    }
    return parse();
}

request_reader::step request_reader::look_at_head() {
    skip_empty_lines();
    const auto bytes = unread();
    if (bytes.empty() || bytes == "\r") return step::need_more;
    switch (lines_.look_at(bytes)) {
        case header_lines::state::malformed:
            return refuse(400);
        case header_lines::state::unfinished:
            if (bytes.size() < bounds_.header_bytes) return step::need_more;
            break;
        case header_lines::state::complete:
            if (lines_.size() <= bounds_.header_bytes) return step::complete;
            break;
    }
    return refuse(lines_.past_first_line() ? 431 : 414);
}

request_reader::step request_reader::parse() {
    namespace beast_http = boost::beast::http;
    boost::beast::error_code ec;
    while (!parser_->is_done()) {
        const auto bytes = unread();
        if (bytes.empty() && parser_->is_header_done()) break;
        const auto used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
        begin_ += used;
        if (ec == beast_http::error::need_more) break;
        if (ec) return refuse(parser_->status_of(ec));
        if (used == 0) break;
    }
    if (parser_->is_done()) return step::complete;
    if (end_ - begin_ >= room_for_body_pieces) return refuse(400);
    if (parser_->expects_continue() && !continue_sent_ && request_.body.empty() && begin_ == end_) {
        continue_sent_ = true;
        return step::send_continue;
    }
    return step::need_more;
}

void request_reader::give_up() {
    if (parser_ && parser_->is_header_done()) return;
    // A parser begins without a path, and has its own. Without one, the request line tells.
    if (!parser_) {
        const auto line = unread();
        const auto space = std::min(line.find(' '), line.size());
        request_.path = beginning_of_path(line.substr(std::min(space + 1, line.size())));
    }
    next_request();
    request_.method = method::get;
    request_.query.clear();
    request_.headers.clear();
}

void request_reader::next_request() {
    bool had_secret = !request_.body.empty();
    if (had_secret) wipe(request_.body);
    for (auto& [name, value] : request_.headers) {
        if (!is_secret(name)) continue;
        had_secret = true;
        wipe(value);
    }
    if (had_secret) {
        OPENSSL_cleanse(buffer_.data(), begin_);
        OPENSSL_cleanse(buffer_.data() + end_, buffer_.size() - end_);
    }
    parser_.reset();
    lines_.reset();
    refusal_ = 0;
    continue_sent_ = false;
}

}  // namespace kommpass::idp::http
