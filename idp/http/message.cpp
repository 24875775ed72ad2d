#include "idp/http/message.hpp"

#include <algorithm>

namespace kommpass::idp::http {

std::optional<std::string_view> request::header(std::string_view lower_case_name) const noexcept {
    std::optional<std::string_view> found;
    for (const auto& [name, value] : headers) {
        if (name != lower_case_name) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

bool request::occurs_twice(std::string_view lower_case_name) const noexcept {
    return std::count_if(headers.begin(), headers.end(),
                         [&](const auto& field) { return field.first == lower_case_name; }) > 1;
}

response see_other(std::string location) {
    response answer;
    answer.status = 303;
    answer.headers.emplace_back("Location", std::move(location));
    return answer;
}

response json(unsigned status, std::string body) {
    response answer;
    answer.status = status;
    answer.content_type = "application/json";
    answer.body = std::move(body);
    return answer;
}

response html(unsigned status, std::string body) {
    response answer;
    answer.status = status;
    answer.kind = answer_kind::page;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = std::move(body);
    return answer;
}

}  // namespace kommpass::idp::http
