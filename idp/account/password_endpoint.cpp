#include "idp/account/password_endpoint.hpp"

#include "config/settings.hpp"
#include "idp/account/account_visitor.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/password_change.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/carried_fields.hpp"
#include "idp/sessions/csrf.hpp"
#include "idp/sessions/error_answer.hpp"
#include "idp/store/sessions.hpp"

#include <algorithm>

namespace kommpass::idp::account {
namespace {

using boost::asio::awaitable;
using message = web::password_page::message;

constexpr auto path = "/account/password";
constexpr int most_sign_ins = 1'000;

http::response page_for(const account_parts& parts, const http::request& request,
                        const sessions::signed_in& person, const policies::member& member,
                        login::refused_password said) {
    const auto frame = sessions::frame_for(parts.settings, request);
    auto page = login::password_page_for(member, frame.lang);
    // The form goes back to the address that says what the directory keeps for the change.
    page.action = said.grace ? std::string(path) + "?" + request.query : path;
    page.csrf = sessions::csrf_for(*parts.keys.get(), person.session);
    page.user_name = person.who.login_name;
    page.what = said.why;
    page.server_message = std::move(said.server_message);
    if (said.grace)
        page.sign_ins_left = static_cast<unsigned>(std::clamp(said.grace->left, 0, most_sign_ins));
    page.offer_back = true;
    return login::password_answer(frame, page);
}

// What the page says after its form: in the address of the page that the form leads to.
std::optional<http::response> page_that_says(const account_parts& parts,
                                             const sessions::signed_in& person,
                                             const login::refused_password& no) {
    const auto keys = parts.keys.get();
    sessions::carried_fields said{{"why", std::to_string(static_cast<int>(no.why))},
                                  {"said", no.server_message}};
    if (no.grace) {
        const auto left = std::clamp(no.grace->left, 0, most_sign_ins);
        said.emplace_back("left", std::to_string(left));
        said.emplace_back("kept", no.grace->connection);
    }
    auto address =
        sessions::address_carrying(path, said, *keys, sessions::csrf_for(*keys, person.session));
    if (!address) return std::nullopt;
    return http::see_other(*std::move(address));
}

login::refused_password said_by(const account_parts& parts, const http::request& request,
                                const sessions::signed_in& person) {
    const auto keys = parts.keys.get();
    const auto carried =
        sessions::carried_by(request, *keys, sessions::csrf_for(*keys, person.session));
    login::refused_password said{message::own_wish, {}};
    if (!carried) return said;
    int sign_ins_left = 0;
    for (const auto& [name, value] : *carried) {
        const auto number = name == "why" ? http::decimal_number(value) : std::nullopt;
        if (number && *number <= static_cast<int>(message::unavailable))
            said.why = static_cast<message>(*number);
        if (name == "said") said.server_message = value;
        const auto left = name == "left" ? http::decimal_number(value) : std::nullopt;
        if (left && *left <= most_sign_ins) sign_ins_left = static_cast<int>(*left);
        if (name == "kept") said.grace = directory::grace_sign_in{0, value};
    }
    if (said.grace) said.grace->left = sign_ins_left;
    return said;
}

}  // namespace

awaitable<http::response> password_endpoint::operator()(const http::request& request) {
    auto visitor = co_await find_visitor(parts_, request);
    if (auto* elsewhere = std::get_if<http::response>(&visitor)) co_return std::move(*elsewhere);
    const auto& person = std::get<sessions::signed_in>(visitor);
    const auto registry = parts_.registry.get();
    const auto* member = registry->find_member(person.session.member);
    if (member == nullptr || !member->directory.change_password) {
        co_return sessions::error_answer(parts_.settings, request, 404,
                                         web::error_page_reason::not_found);
    }
    if (request.method != http::method::post) {
        if (request.query == "done")
            co_return http::html(200, web::render(sessions::frame_for(parts_.settings, request),
                                                  web::password_changed_page{}));
        co_return page_for(parts_, request, person, *member, said_by(parts_, request, person));
    }

    auto posted = posted_form(parts_, request, person);
    if (auto* wrong = std::get_if<http::response>(&posted)) co_return std::move(*wrong);
    // Whose password it is, the session says and not the form.
    auto wanted = login::wanted_password::from(std::get<http::form>(posted), person.who.login_name);
    if (auto before = said_by(parts_, request, person).grace)
        wanted.connection = std::move(before->connection);
    auto refused = co_await changes_.run(request, *member, std::move(wanted));
    if (!refused) co_return http::see_other(std::string(path) + "?done");
    if (auto page = page_that_says(parts_, person, *refused)) co_return *std::move(page);
    co_return page_for(parts_, request, person, *member, *std::move(refused));
}

}  // namespace kommpass::idp::account
