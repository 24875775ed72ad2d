#include "idp/http/request_parser.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/http/request_target.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace kommpass::idp::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t most_fields = 100;

std::optional<method> method_of(beast_http::verb verb) noexcept {
    switch (verb) {
        case beast_http::verb::get:
            return method::get;
        case beast_http::verb::head:
            return method::head;
        case beast_http::verb::post:
            return method::post;
        case beast_http::verb::put:
            return method::put;
        case beast_http::verb::patch:
            return method::patch;
        case beast_http::verb::delete_:
            return method::delete_;
        case beast_http::verb::options:
            return method::options;
        default:
            return std::nullopt;
    }
}

}  // namespace

request_parser::request_parser(request& into, std::size_t header_bytes, std::size_t body_bytes)
    : request_(into) {
    eager(true);
    header_limit(static_cast<std::uint32_t>(header_bytes));
    body_limit(body_bytes);
    request_.body.clear();
    request_.path.clear();
    request_.query.clear();
}

unsigned request_parser::status_of(const error_code& ec) const noexcept {
    if (refusal_ != 0) return refusal_;
    if (ec == beast_http::error::body_limit) return 413;
    if (ec == beast_http::error::header_limit) return 431;
    return 400;
}

void request_parser::refuse(unsigned status, error_code& ec) {
    refusal_ = status;
    ec = beast_http::error::bad_field;
}

void request_parser::on_request_impl(beast_http::verb verb, string_view name, string_view target,
                                     int version, error_code& ec) {
    is_1_1_ = version == 11;
    const auto known = method_of(verb);
    request_.method = known.value_or(method::get);
    const std::string_view written(target.data(), target.size());
    auto parsed = parse_request_target(written);
    // So that a refusal can be told in the words of who was asked.
    request_.path = parsed ? parsed->path : std::string(beginning_of_path(written));
    // Known methods that nothing here has are not allowed; others are not implemented (RFC 9110,
    // 15.5.6 and 15.6.2).
    const bool is_known = verb == beast_http::verb::trace || name == "QUERY";
    if (!known) return refuse(is_known ? 405 : 501, ec);
    if (!parsed || (parsed->path == "*" && *known != method::options)) return refuse(400, ec);
    request_.query = parsed->query;
}

void request_parser::on_field_impl(beast_http::field field, string_view name, string_view value,
                                   error_code& ec) {
    // A trailer must not pass for a header field: it arrives after the checks.
    if (head_done_) return;
    if (fields_ == most_fields) return refuse(431, ec);
    const std::string_view text(value.data(), value.size());
    switch (field) {
        case beast_http::field::host:
            if (++hosts_ > 1 || !is_host(text)) return refuse(400, ec);
            break;
        case beast_http::field::content_length:
            // Beast takes a list of equal lengths; a proxy before us may not.
            if (++lengths_ > 1 || !std::all_of(text.begin(), text.end(), http::is_digit)) {
                return refuse(400, ec);
            }
            break;
        case beast_http::field::transfer_encoding:
            if (++encodings_ > 1 || !equals_ignoring_case(text, "chunked")) return refuse(400, ec);
            break;
        case beast_http::field::expect:
            if (!equals_ignoring_case(text, "100-continue")) return refuse(417, ec);
            expects_continue_ = is_1_1_;
            break;
        default:
            break;
    }
    keep({name.data(), name.size()}, text);
}

void request_parser::keep(std::string_view name, std::string_view value) {
    auto& headers = request_.headers;
    if (fields_ == headers.size()) headers.emplace_back();
    auto& [kept_name, kept_value] = headers[fields_++];
    kept_name.assign(name);
    std::transform(kept_name.begin(), kept_name.end(), kept_name.begin(), to_lower);
    kept_value.assign(value);
}

void request_parser::on_header_impl(error_code& ec) {
    head_done_ = true;
    request_.headers.resize(fields_);
    if (is_1_1_ && hosts_ == 0) return refuse(400, ec);
    if (encodings_ > 0 && (!is_1_1_ || lengths_ > 0)) return refuse(400, ec);
}

void request_parser::on_body_init_impl(const optional_length& length, error_code&) {
    if (length) request_.body.reserve(static_cast<std::size_t>(*length));
}

std::size_t request_parser::on_body_impl(string_view bytes, error_code&) {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) {
    request_.body.append(bytes.data(), bytes.size());
    return bytes.size();
}

}  // namespace kommpass::idp::http
