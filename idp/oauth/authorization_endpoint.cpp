#include "idp/oauth/authorization_endpoint.hpp"

#include "idp/http/form_body.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/login/sign_in_state.hpp"
#include "idp/oauth/authorization_flow.hpp"
#include "idp/oauth/request_intake.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::oauth {

using boost::asio::awaitable;

awaitable<http::response> authorization_endpoint::operator()(const http::request& http) {
    const auto form = http::read_query_or_body(http);
    const std::string& encoded = http.method == http::method::post ? http.body : http.query;
    if (!form || encoded.size() > login::sign_in_state::longest_parameters) {
        const refused_with_page page{
            web::error_page_reason::bad_request,
            form ? "the request is longer than 8 KiB" : std::string(form.error()),
            {}};
        co_return co_await flow_.refuse_with_page(http, page);
    }
    auto parsed = co_await intake_.from_browser(*form, encoded);
    if (auto* page = std::get_if<refused_with_page>(&parsed))
        co_return co_await flow_.refuse_with_page(http, *page);
    if (auto* refused = std::get_if<refused_to_client>(&parsed))
        co_return co_await flow_.refuse_to_client(http, *refused, way_out::redirect);
    // The same request as a GET: a cross-site POST comes without our SameSite=Lax cookies, and
    // "back" from what follows would ask to send it once more.
    if (http.method == http::method::post)
        co_return http::see_other(http::with_query("/authorize", form->all()));
    const auto from = sessions::browser::of(http);
    begun by_request;
    co_return co_await flow_.begin(http, from, std::get<authorization_request>(parsed),
                                   std::move(by_request), way_out::redirect);
}

}  // namespace kommpass::idp::oauth
