#include "idp/account/account_purpose.hpp"

#include "idp/http/form.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/sign_in_pages.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/carried_fields.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/own_form.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/store/sessions.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;

constexpr std::string_view home = "/account";
constexpr std::array<std::string_view, 3> pages_of_their_own{home, "/account/password",
                                                             "/account/role"};
constexpr std::array<std::string_view, 6> kept_fields{"action", "role",  "deputy",
                                                      "from",   "until", "reason"};
constexpr std::size_t most_kept = 3 * 1024;

class opened_account final : public login::purpose_request {
public:
    opened_account(const config::settings& settings, const live<jose::key_ring>& keys,
                   sessions::single_sign_on& sso, const login::sign_in_pages& pages,
                   std::string parameters)
        : settings_(settings),
          keys_(keys),
          sso_(sso),
          pages_(pages),
          parameters_(std::move(parameters)) {}

    login::appearance looks() const override { return {}; }

    awaitable<http::response> go_on(const http::request& request, const sessions::browser&,
                                    sessions::signed_in person) override {
        client_id nobody;
        if (person.is_new() && !co_await sso_.settle(request, person, std::move(nobody))) {
            co_return sessions::error_answer(settings_, request, 503,
                                             web::error_page_reason::internal);
        }
        auto answer = http::see_other(page_for(person));
        if (person.is_new()) sessions::set_session_cookie(answer, person.new_secret);
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
    awaitable<http::response> cancel(const http::request&, const sessions::browser&) override {
        co_return http::see_other(std::string(home));
    }

    http::response answer(const http::request&, std::string_view) override {
        return http::see_other(std::string(home));
    }

    awaitable<http::response> begin_anew(const http::request& request,
                                         const sessions::browser& from,
                                         std::string user_name) override {
        auto found = co_await sso_.find(request, from);
        if (found && *found) co_return http::see_other(page_for(**found));
        login::beginning begins;
        begins.purpose = account_purpose_name;
        begins.parameters = parameters_;
        begins.login_hint = std::move(user_name);
        begins.anew = true;
        co_return pages_.first(request, from, std::move(begins));
    }

private:
    std::string page_for(const sessions::signed_in& person) const {
        const auto form = http::form::parse(parameters_);
        const std::string to(form ? form->get("to").value_or(home) : home);
        const bool known = std::find(pages_of_their_own.begin(), pages_of_their_own.end(), to) !=
                           pages_of_their_own.end();
        if (!known) return std::string(home);
        auto typed = form->all();
        std::erase_if(typed, [](const auto& pair) { return pair.first == "to"; });
        if (typed.empty()) return to;
        const auto keys = keys_.get();
        const auto csrf = sessions::csrf_for(*keys, person.session);
        return sessions::address_carrying(to, typed, *keys, csrf).value_or(to);
    }

    const config::settings& settings_;
    const live<jose::key_ring>& keys_;
    sessions::single_sign_on& sso_;
    const login::sign_in_pages& pages_;
    std::string parameters_;
};

}  // namespace

std::string parameters_for(const http::request& request) {
    sessions::carried_fields all{{"to", request.path}};
    const auto form = sessions::is_own_form(request) && request.body.size() <= most_kept
                          ? http::form::parse(request.body)
                          : http::form::parse({});
    for (const auto name : kept_fields) {
        const auto typed = form ? form->get(name) : std::nullopt;
        if (typed) all.emplace_back(name, *typed);
    }
    return http::with_query({}, all).substr(1);
}

awaitable<login::purpose::opened> account_purpose::open(const http::request&,
                                                        std::string_view parameters) {
    std::unique_ptr<login::purpose_request> made =
        std::make_unique<opened_account>(settings_, keys_, sso_, pages_, std::string(parameters));
    co_return opened(std::move(made));
}

}  // namespace kommpass::idp::account
