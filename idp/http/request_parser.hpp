#pragma once

#include "idp/http/request.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <string_view>

namespace kommpass::idp::http {

// Beast's HTTP/1.1 parser with our stricter reading on top, straight into a `request`. For one
// request; expects the head in one piece (see header_lines). Includes Beast: for the server's own
// files only.
class request_parser final : public boost::beast::http::basic_parser<true> {
public:
    // `into` may have been used before: its buffers are used again.
    request_parser(request& into, std::size_t header_bytes, std::size_t body_bytes);

    // After an error other than need_more: the status to answer with.
    [[nodiscard]] unsigned status_of(const boost::beast::error_code&) const noexcept;
    [[nodiscard]] bool is_1_1() const noexcept { return is_1_1_; }
    // The client waits for "100 Continue" before it sends the body (RFC 9110, 10.1.1).
    [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;
    using optional_length = boost::optional<std::uint64_t>;

    void on_request_impl(boost::beast::http::verb, string_view method_text, string_view target,
                         int version, error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field, string_view name, string_view value,
                       error_code&) override;
    void on_header_impl(error_code&) override;
    void on_body_init_impl(const optional_length&, error_code&) override;
    std::size_t on_body_impl(string_view, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override;
    void on_finish_impl(error_code&) override {}

    void refuse(unsigned status, error_code&);
    void keep(std::string_view name, std::string_view value);

    request& request_;
    std::size_t fields_ = 0;
    unsigned refusal_ = 0;
    unsigned hosts_ = 0;
    unsigned lengths_ = 0;
    unsigned encodings_ = 0;
    bool is_1_1_ = false;
    bool head_done_ = false;
    bool expects_continue_ = false;
};

}  // namespace kommpass::idp::http
