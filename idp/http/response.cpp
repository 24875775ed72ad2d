#include "idp/http/response.hpp"

namespace kommpass::idp::http {

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
