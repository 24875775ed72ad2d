#include "idp/login/sign_in_endpoint.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/clock.hpp"
#include "idp/http/form_body.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/next_page.hpp"
#include "idp/login/sign_in_step.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/sessions/single_sign_on.hpp"

#include <algorithm>

namespace kommpass::idp::login {
namespace {

using boost::asio::awaitable;
using reason = web::error_page_reason;

constexpr auto own_pages = "/account";

bool is_of_this_browser(const sessions::browser& from, const sign_in_state& state) {
    return !from.id.empty() && equal_in_constant_time(from.id, state.browser);
}

}  // namespace

awaitable<purpose::opened> sign_in_endpoint::open(const http::request& request,
                                                  const sign_in_state& state) {
    const auto known = std::find_if(purposes_.begin(), purposes_.end(), [&](const purpose* one) {
        return one->name() == state.purpose;
    });
    if (known != purposes_.end()) co_return co_await (*known)->open(request, state.parameters);
    co_return purpose::opened(
        sessions::error_answer(parts_.settings, request, 400, reason::page_expired));
}

// Begun from a page of its own, to which a browser brings its cookies whoever sent the form.
awaitable<http::response> sign_in_endpoint::begin_anew(const http::request& request,
                                                       const sign_in_state& state,
                                                       std::string user_name) {
    if (request.method == http::method::post) {
        next_page page{face::anew, state};
        page.state.started = parts_.time.now();
        page.user_name = user_name;
        if (auto address = page.address(*parts_.keys.get()))
            co_return http::see_other(*std::move(address));
    }
    auto opened = co_await open(request, state);
    if (auto* answer = std::get_if<http::response>(&opened)) co_return std::move(*answer);
    const auto purpose = std::get<std::unique_ptr<purpose_request>>(std::move(opened));
    const auto from = sessions::browser::of(request);
    co_return co_await purpose->begin_anew(request, from, std::move(user_name));
}

awaitable<http::response> sign_in_endpoint::press(const http::request& request) {
    const auto refuse = [&](unsigned status, reason why, std::string detail = {}) {
        return sessions::error_answer(parts_.settings, request, status, why, std::move(detail));
    };
    auto form = http::read_form_body(request);
    if (!form) co_return refuse(400, reason::bad_request, std::string(form.error()));
    auto state = sign_in_state::open(form->get("transaction").value_or(std::string_view()),
                                     *parts_.keys.get());
    if (!state) co_return refuse(400, reason::page_expired);
    auto from = sessions::browser::of(request);
    if (!is_of_this_browser(from, *state)) {
        // The page was made anew, for want of a cookie, and there is none again.
        if (state->anew && from.id.empty()) co_return refuse(403, reason::wrong_browser);
        std::string user_name(form->get("username").value_or(std::string_view()));
        form->wipe();
        co_return co_await begin_anew(request, *state, std::move(user_name));
    }
    auto opened = co_await open(request, *state);
    if (auto* answer = std::get_if<http::response>(&opened)) co_return std::move(*answer);
    const auto purpose = std::get<std::unique_ptr<purpose_request>>(std::move(opened));
    const auto kept = *state;
    sign_in_step step(parts_, request, *form, std::move(from), *std::move(state), *purpose);
    auto answer = co_await step.run();
    form->wipe();
    if (answer) co_return *std::move(answer);
    std::string nobody;
    co_return co_await begin_anew(request, kept, std::move(nobody));
}

awaitable<http::response> sign_in_endpoint::show(const http::request& request) {
    const auto query = http::form::parse(request.query);
    const auto sealed = query ? query->get("page") : std::nullopt;
    auto page = sealed ? next_page::open(*sealed, *parts_.keys.get()) : std::nullopt;
    if (!page) co_return http::see_other(own_pages);
    const auto from = sessions::browser::of(request);
    if (page->shows == face::anew || !is_of_this_browser(from, page->state) ||
        page->is_too_old(parts_.time.now()))
        co_return co_await begin_anew(request, page->state, std::move(page->user_name));
    auto opened = co_await open(request, page->state);
    if (auto* answer = std::get_if<http::response>(&opened)) co_return std::move(*answer);
    const auto purpose = std::get<std::unique_ptr<purpose_request>>(std::move(opened));
    if (page->shows == face::answer) co_return purpose->answer(request, page->answer);
    if (page->shows == face::onward) {
        auto person = co_await parts_.sso.find(request, from);
        if (person && *person && (*person)->session.id == page->state.session)
            co_return co_await purpose->go_on(request, from, **std::move(person));
        std::string nobody;
        co_return co_await begin_anew(request, page->state, std::move(nobody));
    }
    const auto looks = purpose->looks();
    auto view = parts_.pages.view_of(request, page->state, looks);
    view.frame.lang = page->lang;
    co_return parts_.pages.render(view, *page);
}

awaitable<http::response> sign_in_endpoint::operator()(const http::request& request) {
    if (request.method == http::method::post) co_return co_await press(request);
    co_return co_await show(request);
}

}  // namespace kommpass::idp::login
