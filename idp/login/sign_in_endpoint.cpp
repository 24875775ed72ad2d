#include "idp/login/sign_in_endpoint.hpp"

#include "config/settings.hpp"
#include "idp/http/form_body.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/sign_in_step.hpp"
#include "idp/sessions/error_answer.hpp"

#include <algorithm>

namespace kommpass::idp::login {

using boost::asio::awaitable;

awaitable<http::response> sign_in_endpoint::operator()(const http::request& request) {
    using reason = web::error_page_reason;
    const auto refuse = [&](unsigned status, reason why, std::string detail = {}) {
        return sessions::error_answer(parts_.settings, request, status, why, std::move(detail));
    };
    auto form = http::read_form_body(request);
    if (!form) co_return refuse(400, reason::bad_request, std::string(form.error()));
    auto state = sign_in_state::open(form->get("transaction").value_or(std::string_view()),
                                     *parts_.keys.get());
    if (!state) co_return refuse(400, reason::page_expired);
    auto from = sessions::browser::of(request);
    if (from.id.empty() || !equal_in_constant_time(from.id, state->browser))
        co_return refuse(403, reason::wrong_browser);

    const auto known = std::find_if(purposes_.begin(), purposes_.end(), [&](const purpose* one) {
        return one->name() == state->purpose;
    });
    if (known == purposes_.end()) co_return refuse(400, reason::page_expired);
    auto opened = co_await (*known)->open(request, state->parameters);
    if (auto* answer = std::get_if<http::response>(&opened)) co_return std::move(*answer);
    const auto purpose = std::get<std::unique_ptr<purpose_request>>(std::move(opened));

    sign_in_step step(parts_, request, *form, std::move(from), *std::move(state), *purpose);
    auto answer = co_await step.run();
    form->wipe();
    co_return answer;
}

}  // namespace kommpass::idp::login
