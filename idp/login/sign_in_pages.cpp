#include "idp/login/sign_in_pages.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/randomness.hpp"
#include "directory/home_realm.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/password_change.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/single_sign_on.hpp"

namespace kommpass::idp::login {
namespace {

constexpr std::string_view action = "/sign-in";

unsigned status_of(web::sign_in_problem problem) {
    using enum web::sign_in_problem;
    switch (problem) {
        case too_many_attempts:
            return 429;
        case directory_unavailable:
        case directory_overloaded:
            return 503;
        default:
            return 200;
    }
}

std::string text_in(const policies::localized_text& text, web::language lang) {
    return lang == web::language::en && !text.en.empty() ? text.en : text.de;
}

http::response in_this_browser(const sign_in_view& view, http::response page) {
    page.form_action = view.form_action.empty() ? "'self'" : "'self' " + view.form_action;
    sessions::set_browser_cookie(page, view.state.browser);
    return page;
}

// The language switch posts the sign-in's own state, so that nothing typed but the password is
// lost.
web::frame frame_with_language_switch(const sign_in_view& view, const std::string& sealed,
                                      const std::string& user_name, const std::string& member) {
    auto frame = view.frame;
    frame.language_action = action;
    frame.language_fields = {{"transaction", sealed}, {"username", user_name}, {"member", member}};
    return frame;
}

const policies::member* member_of_name(const policies::snapshot& registry,
                                       std::string_view user_name) {
    const auto typed = directory::split_user_name(user_name);
    return typed.domain.empty() ? nullptr : registry.member_of_domain(typed.domain);
}

}  // namespace

sign_in_view sign_in_pages::view_of(const http::request& request, sign_in_state state,
                                    const appearance& looks) const {
    sign_in_view view{std::move(state), {}, looks.form_action, looks.reauthentication};
    view.frame = sessions::frame_for(settings_, request, looks.ui_locales);
    view.frame.application_name = text_in(looks.application, view.frame.lang);
    return view;
}

http::response sign_in_pages::first(const http::request& request, const sessions::browser& from,
                                    beginning begins) const {
    sign_in_state state{std::string(begins.purpose), stage::identify, std::move(begins.parameters),
                        from.id.empty() ? random_.token(16) : from.id, time_.now()};
    auto view = view_of(request, std::move(state), begins.looks);
    view.reauthentication = begins.renews != nullptr;

    const auto registry = registry_.get();
    if (view.reauthentication) {
        const auto* own = registry->find_active_member(begins.renews->session.member);
        if (own != nullptr) return password(view, *own, begins.renews->who.login_name);
        view.reauthentication = false;
    }
    const auto* member = member_of_name(*registry, begins.login_hint);
    if (member == nullptr && !from.member.empty())
        member = registry->find_active_member(member_slug(from.member));
    if (member == nullptr) return name(view, std::move(begins.login_hint));
    return password(view, *member, std::move(begins.login_hint));
}

http::response sign_in_pages::form(const sign_in_view& view, const policies::member* member,
                                   std::string user_name, sign_in_message message) const {
    const auto sealed = view.state.seal(*keys_.get());
    web::sign_in_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = std::move(user_name);
    page.reauthentication = view.reauthentication;
    page.problem = message.problem;
    page.wait_seconds = static_cast<unsigned>(message.wait.count());
    if (member != nullptr) {
        page.member_slug = member->slug.str();
        page.member_name = text_in(member->name, view.frame.lang);
        page.member_help = member->help_contact;
    }
    const auto frame = frame_with_language_switch(view, sealed, page.user_name, page.member_slug);
    auto answer =
        in_this_browser(view, http::html(status_of(message.problem), web::render(frame, page)));
    if (message.wait.count() > 0)
        answer.headers.emplace_back("Retry-After", std::to_string(message.wait.count()));
    return answer;
}

http::response sign_in_pages::name(const sign_in_view& view, std::string user_name,
                                   sign_in_message message) const {
    return form(view, nullptr, std::move(user_name), message);
}

http::response sign_in_pages::password(const sign_in_view& view, const policies::member& member,
                                       std::string user_name, sign_in_message message) const {
    return form(view, &member, std::move(user_name), message);
}

http::response sign_in_pages::members(const sign_in_view& view, std::string user_name,
                                      std::string query) const {
    const auto sealed = view.state.seal(*keys_.get());
    const auto wanted = folded_name(query);
    web::member_list_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = std::move(user_name);
    page.query = std::move(query);
    const auto registry = registry_.get();
    for (const auto* member : registry->members_by_name()) {
        if (!member->active) continue;
        const bool shown = wanted.empty() ||
                           folded_name(member->name.de).find(wanted) != std::string::npos ||
                           folded_name(member->name_variant).find(wanted) != std::string::npos;
        if (!shown) continue;
        page.members.push_back(
            {member->slug.str(), text_in(member->name, view.frame.lang), member->name_variant});
    }
    const auto frame = frame_with_language_switch(view, sealed, page.user_name, {});
    return in_this_browser(view, http::html(200, web::render(frame, page)));
}

http::response sign_in_pages::new_password(const sign_in_view& view, const policies::member& member,
                                           std::string user_name, password_prompt prompt) const {
    auto page = password_page_for(member, view.frame.lang);
    page.action = action;
    page.transaction = view.state.seal(*keys_.get());
    page.user_name = std::move(user_name);
    page.what = prompt.what;
    page.days_left = prompt.days_left;
    page.server_message = std::move(prompt.server_message);
    page.offer_later = prompt.offer_later;
    return in_this_browser(view, password_answer(view.frame, page));
}

}  // namespace kommpass::idp::login
