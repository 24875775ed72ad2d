#include "idp/oauth/authorization_purpose.hpp"

#include "config/settings.hpp"
#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/oauth/request_intake.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/web/pages.hpp"

namespace kommpass::idp::oauth {
namespace {

using boost::asio::awaitable;

class opened_authorization final : public login::purpose_request {
public:
    opened_authorization(authorization_flow& flow, authorization_request request)
        : flow_(flow), request_(std::move(request)) {}

    login::appearance looks() const override { return appearance_of(request_); }

    awaitable<http::response> go_on(const http::request& http, const sessions::browser& from,
                                    sessions::signed_in person) override {
        return flow_.finish(http, from, request_, std::move(person), consent_answer::not_asked,
                            way_out::page);
    }

    awaitable<http::response> take_consent(const http::request& http, const sessions::browser& from,
                                           sessions::signed_in person, bool allowed) override {
        return flow_.take_consent(http, from, request_, std::move(person), allowed);
    }

    bool is_recent_enough(const sessions::signed_in& person) const override {
        return flow_.is_recent_enough(request_, person);
    }

    awaitable<http::response> cancel(const http::request& http,
                                     const sessions::browser& from) override {
        const auto refused = refusal_of(request_, "access_denied", "the person cancelled");
        co_return co_await flow_.refuse(http, from, request_, refused, way_out::page);
    }

    http::response answer(const http::request& http, std::string_view encoded) override {
        return flow_.carried_answer(http, request_, encoded);
    }

    awaitable<http::response> begin_anew(const http::request& http, const sessions::browser& from,
                                         std::string user_name) override {
        begun how{true, std::move(user_name)};
        return flow_.begin(http, from, request_, std::move(how), way_out::page);
    }

private:
    authorization_flow& flow_;
    authorization_request request_;
};

}  // namespace

awaitable<login::purpose::opened> authorization_purpose::open(const http::request& http,
                                                              std::string_view carried) {
    auto parsed = co_await intake_.from_pages(carried);
    if (auto* page = std::get_if<refused_with_page>(&parsed))
        co_return co_await flow_.refuse_with_page(http, *page);
    if (auto* refused = std::get_if<refused_to_client>(&parsed))
        co_return co_await flow_.refuse_to_client(http, *refused, way_out::page);
    std::unique_ptr<login::purpose_request> made = std::make_unique<opened_authorization>(
        flow_, std::get<authorization_request>(std::move(parsed)));
    co_return opened(std::move(made));
}

}  // namespace kommpass::idp::oauth
