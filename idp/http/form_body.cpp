#include "idp/http/form_body.hpp"

#include "idp/http/header_grammar.hpp"
#include "idp/http/request.hpp"

namespace kommpass::idp::http {
namespace {

using namespace std::string_view_literals;

constexpr auto form_type = "application/x-www-form-urlencoded"sv;
constexpr auto wrong_type = "the content type must be application/x-www-form-urlencoded"sv;

bool is_form(const request& asked) {
    const auto type = asked.header("content-type").value_or(std::string_view());
    return names_media_type(type, form_type);
}

result<form, form_fault> decode(std::string_view encoded) {
    auto decoded = form::parse(encoded);
    if (decoded) return std::move(*decoded);
    return decoded.error() == form_error::too_many_parameters
               ? "too many parameters"sv
               : "a parameter is not UTF-8 in percent encoding"sv;
}

}  // namespace

result<form, form_fault> read_form_body(const request& asked) {
    if (!is_form(asked)) return wrong_type;
    auto decoded = decode(asked.body);
    if (decoded && decoded->first_repeated()) return "a parameter occurs more than once"sv;
    return decoded;
}

result<form, form_fault> read_query_or_body(const request& asked) {
    if (asked.method != method::post) return decode(asked.query);
    if (!is_form(asked)) return wrong_type;
    return decode(asked.body);
}

}  // namespace kommpass::idp::http
