#include "idp/account/account_purpose.hpp"

#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;

class opened_account final : public login::purpose_request {
public:
    opened_account(const config::settings& settings, sessions::single_sign_on& sso)
        : settings_(settings), sso_(sso) {}

    login::appearance looks() const override { return {}; }

    awaitable<http::response> go_on(const http::request& request, const sessions::browser&,
                                    sessions::signed_in person) override {
        auto answer = http::see_other("/account");
        if (!person.is_new()) co_return answer;
        client_id nobody;
        if (!co_await sso_.settle(request, person, std::move(nobody))) {
            co_return sessions::error_answer(settings_, request, 503,
                                             web::error_page_reason::internal);
        }
        sessions::set_session_cookie(answer, person.new_secret);
        co_return answer;
    }

    // These pages ask for no consent.
    awaitable<http::response> take_consent(const http::request& request, const sessions::browser&,
                                           sessions::signed_in, bool) override {
        co_return sessions::error_answer(settings_, request, 400,
                                         web::error_page_reason::page_expired);
    }

    // They ask for no age of a sign-in.
    bool is_recent_enough(const sessions::signed_in&) const override { return true; }

    // Nobody waits for an answer; the pages do not offer it.
    awaitable<http::response> cancel(const http::request&) override {
        co_return http::see_other("/account");
    }

private:
    const config::settings& settings_;
    sessions::single_sign_on& sso_;
};

}  // namespace

awaitable<login::purpose::opened> account_purpose::open(const http::request&, std::string_view) {
    std::unique_ptr<login::purpose_request> made =
        std::make_unique<opened_account>(settings_, sso_);
    co_return opened(std::move(made));
}

}  // namespace kommpass::idp::account
