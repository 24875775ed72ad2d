#include "idp/oauth/device_purpose.hpp"

#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/oauth/user_code.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

class opened_device final : public login::purpose_request {
public:
    opened_device(const config::settings& settings, sessions::single_sign_on& sso,
                  const login::sign_in_pages& pages, std::string parameters)
        : settings_(settings), sso_(sso), pages_(pages), parameters_(std::move(parameters)) {}

    login::appearance looks() const override { return {}; }

    awaitable<http::response> go_on(const http::request& request, const sessions::browser&,
                                    sessions::signed_in person) override {
        client_id nobody;
        if (person.is_new() && !co_await sso_.settle(request, person, std::move(nobody)))
            co_return sessions::error_answer(settings_, request, 503,
                                             web::error_page_reason::internal);
        auto answer = http::see_other(page());
        if (person.is_new()) sessions::set_session_cookie(answer, person.new_secret);
        co_return answer;
    }

    // The page asks by itself.
    awaitable<http::response> take_consent(const http::request& request, const sessions::browser&,
                                           sessions::signed_in, bool) override {
        co_return sessions::error_answer(settings_, request, 400,
                                         web::error_page_reason::page_expired);
    }

    // The page judges the sign-in when the person has said yes.
    bool is_recent_enough(const sessions::signed_in&) const override { return true; }

    // Nobody waits for an answer here; the pages do not offer it.
    awaitable<http::response> cancel(const http::request&, const sessions::browser&) override {
        co_return http::see_other(page());
    }

    http::response answer(const http::request&, std::string_view) override {
        return http::see_other(page());
    }

    awaitable<http::response> begin_anew(const http::request& request,
                                         const sessions::browser& from,
                                         std::string user_name) override {
        auto found = co_await sso_.find(request, from);
        if (found && *found) co_return http::see_other(page());
        login::beginning begins;
        begins.purpose = device_purpose_name;
        begins.parameters = parameters_;
        begins.login_hint = std::move(user_name);
        begins.anew = true;
        co_return pages_.first(request, from, std::move(begins));
    }

private:
    std::string page() const {
        const auto form = http::form::parse(parameters_);
        return device_page_address(form ? form->get("user_code").value_or(std::string_view())
                                        : std::string_view());
    }

    const config::settings& settings_;
    sessions::single_sign_on& sso_;
    const login::sign_in_pages& pages_;
    std::string parameters_;
};

}  // namespace

std::string device_page_address(std::string_view typed_code) {
    const auto code = user_code::read(typed_code);
    return code ? "/device?user_code=" + user_code::shown(*code) : "/device";
}

awaitable<login::purpose::opened> device_purpose::open(const http::request&,
                                                       std::string_view parameters) {
    std::unique_ptr<login::purpose_request> made =
        std::make_unique<opened_device>(settings_, sso_, pages_, std::string(parameters));
    co_return opened(std::move(made));
}

}  // namespace kommpass::idp::oauth
