#include "idp/oauth/authorization_response.hpp"

#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/protocol_error.hpp"
#include "idp/oauth/redirect_uri.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/leaving_page.hpp"
#include "idp/web/pages.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::oauth {
namespace {

constexpr auto signed_lifetime = std::chrono::seconds(60);

}  // namespace

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

std::string signed_response(const response_target& target, const answering& by,
                            const response_parameters& parameters) {
    boost::json::object claims;
    claims["iss"] = by.issuer;
    claims["aud"] = target.audience.str();
    claims["exp"] = to_unix_seconds(by.now + signed_lifetime);
    for (const auto& [name, value] : parameters) claims[name] = value;
    return by.keys.sign(target.algorithm, "JWT", boost::json::serialize(claims));
}

http::response answer_to_client(const response_target& target, const answering& by,
                                response_parameters parameters, const web::frame& frame,
                                way_out way) {
    if (!target.state.empty()) parameters.emplace_back("state", target.state);
    if (target.mode.is_signed) {
        parameters = {{"response", signed_response(target, by, parameters)}};
    } else {
        parameters.emplace_back("iss", by.issuer);
    }
    using place = response_mode::place;
    if (target.mode.where == place::query)
        return go_out(http::with_query(target.redirect_uri, parameters), frame, way);
    if (target.mode.where == place::fragment)
        return go_out(target.redirect_uri + "#" + http::with_query({}, parameters).substr(1), frame,
                      way);
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
        parameters.emplace_back("error_description", as_error_description(refused.description));
    return parameters;
}

}  // namespace kommpass::idp::oauth
