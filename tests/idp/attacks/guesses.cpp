#include "tests/idp/attacks/guesses.hpp"

#include "idp/http/form.hpp"
#include "idp/http/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

answer send_from(world& w, const cookie_jar& cookies, const page_form& form,
                 const fields& filled_in, const std::string& address) {
    idp::http::request request;
    request.method = idp::http::method::post;
    request.path = form.action;
    request.body = idp::http::with_query("", filled_in).substr(1);
    request.peer = boost::asio::ip::make_address(address);
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    std::string cookie;
    for (const auto& [name, value] : cookies)
        cookie += (cookie.empty() ? "" : "; ") + name + "=" + value;
    request.headers.emplace_back("cookie", cookie);
    return w.idp.follow(w.idp.send(std::move(request)));
}

}  // namespace

void guess(world& w, const honest_person& whom, dice& d) {
    cookie_jar cookies;
    const auto address = "203.0.113." + std::to_string(1 + d.below(200));
    std::swap(w.idp.cookies(), cookies);
    auto page = w.idp.authorize("groupware-web");
    int tried = 0;
    for (int i = 0; i < 12; ++i) {
        auto forms = forms_of(page.body());
        const auto at = std::find_if(forms.begin(), forms.end(), [](const page_form& one) {
            return one.button("sign-in") != nullptr || one.button("continue") != nullptr;
        });
        if (at == forms.end()) break;
        for (auto& input : at->inputs) {
            if (input.name == "username") input.value = whom.user + "@" + whom.domain;
            if (input.type == "password") input.value = "Geraten-" + std::to_string(i);
        }
        const auto* pressed = at->button("sign-in");
        tried += pressed != nullptr ? 1 : 0;
        if (pressed == nullptr) pressed = at->button("continue");
        page = send_from(w, w.idp.cookies(), *at, at->filled_in(pressed), address);
    }
    std::swap(w.idp.cookies(), cookies);
    w.story.push_back("somebody at " + address + " guesses " + std::to_string(tried) +
                      " passwords of " + whom.user);
}

}  // namespace kommpass::tests::attacks
