// The initial access token that the association hands to an application's operator.
#include "config/settings.hpp"
#include "idp/admin/catalogue.hpp"
#include "idp/admin/client_registration.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/console/pages.hpp"
#include "idp/console/shown_once.hpp"

namespace kommpass::idp::console {

page post_registration_token(console_request& v) {
    const application_key key(v.segment(1));
    const auto made =
        co_await issue_initial_access_token(v.at, v.who, key, v.text("clients.registration_make"));
    if (!made) co_return show_refusal(v, made.error());
    co_return to_shown_once(v, "/console/applications/" + key.str() + "/registration-token",
                            {made->token, made->expires_at});
}

// Once, after the form, to the session that sent it.
page registration_token_page(console_request& v) {
    const application_key key(v.segment(1));
    const auto mine = find_role_to_change(v.at, v.who, key, {});
    if (!mine) co_return show_refusal(v, mine.error());
    const auto waiting = dated_waiting_for(v);
    if (!waiting) co_return http::see_other("/console/applications/" + key.str());
    web::page_data data;
    web::put(data, "key", key.str());
    web::put(data, "application", mine->owner->name.de);
    web::put(data, "token", waiting->text);
    web::put(data, "address", v.at.settings.issuer + "/register");
    web::put(data, "good_until",
             v.text("membership.good_until") + " " + v.time_text(waiting->good_until));
    auto answer =
        show(v, "console_registration", v.text("clients.registration_title"), std::move(data));
    forget_shown(answer);
    co_return answer;
}

}  // namespace kommpass::idp::console
