#include "idp/oauth/form_request.hpp"

#include <algorithm>

namespace kommpass::idp::oauth {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        return lower(x) == lower(y);
    });
}

bool is_form(const http::request& request) {
    const auto type = request.header("content-type").value_or(std::string_view());
    auto media = type.substr(0, type.find(';'));
    while (!media.empty() && media.back() == ' ') media.remove_suffix(1);
    return equal_without_case(media, form_type);
}

protocol_result<http::form> decode(std::string_view encoded) {
    auto form = http::form::parse(encoded);
    if (form) return std::move(*form);
    return token_error::invalid_request(form.error() == http::form_error::too_many_parameters
                                            ? "too many parameters"
                                            : "a parameter is not UTF-8 in percent encoding");
}

}  // namespace

protocol_result<http::form> read_form_body(const http::request& request) {
    if (!is_form(request)) {
        return token_error::invalid_request(
            "the content type must be application/x-www-form-urlencoded");
    }
    auto form = decode(request.body);
    if (form && form->first_repeated()) {
        return token_error::invalid_request("a parameter occurs more than once");
    }
    return form;
}

protocol_result<http::form> read_query_or_body(const http::request& request) {
    if (request.method != http::method::post) return decode(request.query);
    if (!is_form(request)) {
        return token_error::invalid_request(
            "the content type must be application/x-www-form-urlencoded");
    }
    return decode(request.body);
}

}  // namespace kommpass::idp::oauth
