#include "idp/login/sign_in_pages.hpp"

#include "config/settings.hpp"
#include "config/vocabulary/name_folding.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/key_ring.hpp"
#include "idp/login/chosen_member.hpp"
#include "idp/login/password_change.hpp"
#include "idp/sessions/browser.hpp"
#include "idp/sessions/remembered_member.hpp"
#include "idp/sessions/single_sign_on.hpp"
#include "idp/web/image_source.hpp"
#include "idp/web/language.hpp"

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
                                      const std::string& user_name) {
    auto frame = view.frame;
    frame.language_action = action;
    frame.language_fields = {{"transaction", sealed}, {"username", user_name}};
    return frame;
}

void put_name_first(sign_in_state& state) {
    state.stage = stage::identify;
    state.member = member_slug();
    state.chosen = member_choice::none;
    state.renews = false;
}

}  // namespace

sign_in_view sign_in_pages::view_of(const http::request& request, sign_in_state state,
                                    const appearance& looks) const {
    sign_in_view view{std::move(state),
                      {},
                      looks.form_action,
                      looks.offers_cancel,
                      request.method == http::method::post,
                      looks.links};
    view.frame = sessions::frame_for(settings_, request, looks.ui_locales);
    view.frame.application_name = text_in(looks.application, view.frame.lang);
    return view;
}

http::response sign_in_pages::first(const http::request& request, const sessions::browser& from,
                                    beginning begins) const {
    sign_in_state state{std::string(begins.purpose), stage::identify, std::move(begins.parameters),
                        from.id.empty() ? random_.token(16) : from.id, time_.now()};
    state.anew = begins.anew;
    sign_in_message message;
    if (begins.anew) message.problem = web::sign_in_problem::page_expired;
    auto view = view_of(request, std::move(state), begins.looks);
    const auto registry = registry_.get();
    const auto* own = begins.renews == nullptr
                          ? nullptr
                          : registry->find_active_member(begins.renews->session.member);
    if (own != nullptr) {
        view.state.renews = true;
        return password(std::move(view), {*own, member_choice::chosen},
                        begins.renews->who.login_name, message);
    }
    auto hinted = name_of_hint(begins.login_hint);
    const auto* by_hint = member_of_name(*registry, hinted);
    const auto* remembered =
        registry->find_active_member(sessions::remembered_member(from, *keys_.get()));
    if (remembered == nullptr || (by_hint != nullptr && by_hint != remembered))
        return name(std::move(view), std::move(hinted), message);
    return password(std::move(view), {*remembered, member_choice::chosen}, std::move(hinted),
                    message);
}

http::response sign_in_pages::show(const sign_in_view& view, next_page page) const {
    page.state = view.state;
    page.lang = view.frame.lang;
    const auto address =
        view.answers_form ? page.address(*keys_.get()) : std::optional<std::string>();
    if (!address) return render(view, page);
    auto answer = http::see_other(*address);
    sessions::set_browser_cookie(answer, view.state.browser);
    return answer;
}

http::response sign_in_pages::name(sign_in_view view, std::string user_name,
                                   sign_in_message message) const {
    put_name_first(view.state);
    next_page page;
    page.user_name = std::move(user_name);
    page.message = message;
    return show(view, std::move(page));
}

http::response sign_in_pages::password(sign_in_view view, named_member named, std::string user_name,
                                       sign_in_message message) const {
    view.state.stage = stage::identify;
    view.state.member = named.member.slug;
    view.state.chosen = named.why;
    next_page page;
    page.user_name = std::move(user_name);
    page.message = message;
    return show(view, std::move(page));
}

http::response sign_in_pages::members(sign_in_view view, std::string user_name,
                                      std::string query) const {
    put_name_first(view.state);
    next_page page;
    page.shows = face::members;
    page.user_name = std::move(user_name);
    page.query = std::move(query);
    return show(view, std::move(page));
}

http::response sign_in_pages::new_password(const sign_in_view& view, password_prompt prompt) const {
    next_page page;
    page.shows = face::new_password;
    page.prompt = std::move(prompt);
    return show(view, std::move(page));
}

http::response sign_in_pages::render(const sign_in_view& view, const next_page& page) const {
    switch (page.shows) {
        case face::members:
            return member_list(view, page);
        case face::new_password:
            return password_change(view, page);
        default:
            return form(view, page);
    }
}

http::response sign_in_pages::form(const sign_in_view& view, const next_page& shown) const {
    const auto registry = registry_.get();
    const auto* member = registry->find_active_member(view.state.member);
    const auto sealed = view.state.seal(*keys_.get());
    const auto& message = shown.message;
    web::sign_in_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = shown.user_name;
    page.reauthentication = view.state.renews;
    page.offer_cancel = view.offers_cancel;
    page.problem = message.problem;
    page.client = view.links;
    page.wait_seconds = static_cast<unsigned>(message.wait.count());
    if (member != nullptr) {
        page.member_slug = member->slug.str();
        page.member_name = text_in(member->name, view.frame.lang);
        page.member_help = member->help_contact;
    }
    const auto frame = frame_with_language_switch(view, sealed, page.user_name);
    auto answer =
        in_this_browser(view, http::html(status_of(message.problem), web::render(frame, page)));
    answer.image_source = web::image_source_of(view.links);
    if (message.wait.count() > 0)
        answer.headers.emplace_back("Retry-After", std::to_string(message.wait.count()));
    return answer;
}

http::response sign_in_pages::member_list(const sign_in_view& view, const next_page& shown) const {
    const auto sealed = view.state.seal(*keys_.get());
    const auto wanted = folded_name(shown.query);
    web::member_list_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = shown.user_name;
    page.query = shown.query;
    const auto registry = registry_.get();
    for (const auto* member : registry->members_by_name()) {
        if (!member->active) continue;
        const bool fits = wanted.empty() ||
                          folded_name(member->name.de).find(wanted) != std::string::npos ||
                          folded_name(member->name_variant).find(wanted) != std::string::npos;
        if (!fits) continue;
        page.members.push_back(
            {member->slug.str(), text_in(member->name, view.frame.lang), member->name_variant});
    }
    page.offer_cancel = view.offers_cancel;
    const auto frame = frame_with_language_switch(view, sealed, page.user_name);
    return in_this_browser(view, http::html(200, web::render(frame, page)));
}

http::response sign_in_pages::password_change(const sign_in_view& view,
                                              const next_page& shown) const {
    const auto registry = registry_.get();
    const auto* member = registry->find_active_member(view.state.member);
    if (member == nullptr) return form(view, shown);
    auto page = password_page_for(*member, view.frame.lang);
    page.action = action;
    page.transaction = view.state.seal(*keys_.get());
    page.user_name = view.state.user_name;
    page.what = shown.prompt.what;
    page.days_left = shown.prompt.days_left;
    page.sign_ins_left = shown.prompt.sign_ins_left;
    page.server_message = shown.prompt.server_message;
    page.offer_later = shown.prompt.offer_later;
    page.offer_cancel = view.offers_cancel;
    return in_this_browser(view, password_answer(view.frame, page));
}

}  // namespace kommpass::idp::login
