#include "idp/oauth/authorization_response.hpp"

#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/leaving_page.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::oauth {

http::response go_out(const std::string& uri, const web::frame& frame, way_out way) {
    if (way == way_out::redirect || !is_web_address(uri)) {
        auto redirect = http::see_other(uri);
        redirect.kind = http::answer_kind::page;
        return redirect;
    }
    auto page = http::html(200, web::render(frame, web::leaving_page{uri}));
    page.headers.emplace_back("Refresh", "0;url=" + uri);
    return page;
}

http::response answer_to_client(const response_target& target, const std::string& issuer,
                                response_parameters parameters, const web::frame& frame,
                                way_out way) {
    if (!target.state.empty()) parameters.emplace_back("state", target.state);
    parameters.emplace_back("iss", issuer);
    if (target.mode == response_mode::query)
        return go_out(http::with_query(target.redirect_uri, parameters), frame, way);
    auto page = http::html(
        200, web::render(frame, web::form_post_page{target.redirect_uri, std::move(parameters)}));
    // Wherever the application redirects to from there, it has to be let go. The page has one form,
    // to a registered address, and nothing of anybody's that is not escaped.
    page.form_action = any_web_address;
    page.script_hash = std::string(web::form_post_script_hash());
    return page;
}

response_parameters parameters_of(const refused_to_client& refused) {
    response_parameters parameters{{"error", refused.error}};
    if (!refused.description.empty())
        parameters.emplace_back("error_description", refused.description);
    return parameters;
}

}  // namespace kommpass::idp::oauth
