#include "idp/account/account_visitor.hpp"

#include "idp/account/account_purpose.hpp"
#include "idp/http/form_body.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/store/sessions.hpp"

namespace kommpass::idp::account {

boost::asio::awaitable<std::variant<sessions::signed_in, http::response>> find_visitor(
    const account_parts& parts, const http::request& request) {
    using visitor = std::variant<sessions::signed_in, http::response>;
    const auto from = sessions::browser::of(request);
    auto found = co_await parts.sso.find(request, from);
    if (!found) {
        co_return visitor(
            sessions::error_answer(parts.settings, request, 503, web::error_page_reason::internal));
    }
    if (!*found) {
        login::beginning begins;
        begins.purpose = account_purpose_name;
        begins.parameters = parameters_for(request);
        co_return visitor(parts.pages.first(request, from, std::move(begins)));
    }
    co_return visitor(**std::move(found));
}

std::variant<http::form, http::response> posted_form(const account_parts& parts,
                                                     const http::request& request,
                                                     const sessions::signed_in& person) {
    auto form = http::read_form_body(request);
    if (!form) {
        return sessions::error_answer(parts.settings, request, 400,
                                      web::error_page_reason::bad_request);
    }
    if (!equal_in_constant_time(form->get("csrf").value_or(std::string_view()),
                                sessions::csrf_for(*parts.keys.get(), person.session))) {
        return sessions::error_answer(parts.settings, request, 403,
                                      web::error_page_reason::page_expired);
    }
    return std::move(*form);
}

}  // namespace kommpass::idp::account
