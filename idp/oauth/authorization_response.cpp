#include "idp/oauth/authorization_response.hpp"

#include "idp/oauth/redirect_uri.hpp"

namespace kommpass::idp::oauth {

http::response answer_to_client(const response_target& target, const std::string& issuer,
                                response_parameters parameters, const web::frame& frame) {
    if (!target.state.empty()) parameters.emplace_back("state", target.state);
    parameters.emplace_back("iss", issuer);
    if (target.mode == response_mode::query) {
        auto redirect = http::see_other(http::with_query(target.redirect_uri, parameters));
        redirect.kind = http::answer_kind::page;
        return redirect;
    }
    auto page = http::html(
        200, web::render(frame, web::form_post_page{target.redirect_uri, std::move(parameters)}));
    page.form_action = form_action_source(target.redirect_uri);
    page.script_hash = std::string(web::form_post_script_hash());
    return page;
}

http::response error_to_client(const refused_to_client& refused, const std::string& issuer,
                               const web::frame& frame) {
    response_parameters parameters{{"error", refused.error}};
    if (!refused.description.empty())
        parameters.emplace_back("error_description", refused.description);
    return answer_to_client(refused.target, issuer, std::move(parameters), frame);
}

}  // namespace kommpass::idp::oauth
