// The initial access token that the association hands to an application's operator.
#include "config/settings.hpp"
#include "idp/admin/client_registration.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/console/pages.hpp"

namespace kommpass::idp::console {

page post_registration_token(console_request& v) {
    const application_key key(v.segment(1));
    const auto made =
        co_await issue_initial_access_token(v.at, v.who, key, v.text("clients.registration_make"));
    if (!made) co_return show_refusal(v, made.error());
    web::page_data data;
    web::put(data, "key", key.str());
    web::put(data, "token", made->token);
    web::put(data, "address", v.at.settings.issuer + "/register");
    web::put(data, "good_until",
             v.text("membership.good_until") + " " + v.time_text(made->expires_at));
    co_return show(v, "console_registration", v.text("clients.registration_make"), std::move(data));
}

}  // namespace kommpass::idp::console
