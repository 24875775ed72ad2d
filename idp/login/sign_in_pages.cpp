#include "idp/login/sign_in_pages.hpp"

#include "config/vocabulary/name_folding.hpp"
#include "directory/home_realm.hpp"
#include "idp/oauth/redirect_uri.hpp"

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

std::string name_of(const policies::member& member, web::language lang) {
    return lang == web::language::en && !member.name.en.empty() ? member.name.en : member.name.de;
}

http::response answer(const sign_in_view& view, unsigned status, std::string html) {
    auto page = http::html(status, std::move(html));
    page.form_action = view.form_action.empty() ? "'self'" : "'self' " + view.form_action;
    sessions::set_browser_cookie(page, view.transaction.browser);
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

http::response sign_in_form(const provider& p, const sign_in_view& view,
                            const policies::member* member, std::string user_name,
                            sign_in_message message) {
    const auto sealed = view.transaction.seal(*p.keys.get());
    web::sign_in_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = std::move(user_name);
    page.reauthentication = view.reauthentication;
    page.problem = message.problem;
    page.wait_seconds = static_cast<unsigned>(message.wait.count());
    if (member != nullptr) {
        page.member_slug = member->slug.str();
        page.member_name = name_of(*member, view.frame.lang);
        page.member_help = member->help_contact;
    }
    const auto frame = frame_with_language_switch(view, sealed, page.user_name, page.member_slug);
    auto form = answer(view, status_of(message.problem), web::render(frame, page));
    if (message.wait.count() > 0)
        form.headers.emplace_back("Retry-After", std::to_string(message.wait.count()));
    return form;
}

const policies::member* member_of_name(const policies::snapshot& registry,
                                       std::string_view user_name) {
    const auto typed = directory::split_user_name(user_name);
    return typed.domain.empty() ? nullptr : registry.member_of_domain(typed.domain);
}

}  // namespace

sign_in_view make_view(const provider& p, const http::request& http,
                       const sign_in_transaction& transaction,
                       const oauth::authorization_request* request) {
    sign_in_view view{transaction, {}, {}, false};
    view.frame = sessions::frame_for(
        p.settings, http,
        request != nullptr ? std::string_view(request->ui_locales) : std::string_view());
    if (request != nullptr) {
        const auto& name = request->application->name;
        view.frame.application_name =
            view.frame.lang == web::language::en && !name.en.empty() ? name.en : name.de;
        view.form_action = oauth::form_action_source(request->target.redirect_uri);
        view.reauthentication = request->prompt.login || request->max_age.has_value();
    }
    return view;
}

http::response first_page(const provider& p, const http::request& http,
                          const sessions::browser& from,
                          const oauth::authorization_request& request,
                          const sessions::signed_in* present) {
    const sign_in_transaction transaction{errand::authorize, request.parameters,
                                          from.id.empty() ? p.random.token(16) : from.id,
                                          p.time.now()};
    auto view = make_view(p, http, transaction, &request);
    view.reauthentication =
        present != nullptr && !request.prompt.select_account && request.hinted_subject.empty();

    const auto& registry = *request.registry;
    if (view.reauthentication) {
        const auto* own = registry.find_active_member(present->session.member);
        if (own != nullptr) return password_page(p, view, *own, present->who.login_name);
        view.reauthentication = false;
    }
    const auto* member = member_of_name(registry, request.login_hint);
    if (member == nullptr && !from.member.empty())
        member = registry.find_active_member(member_slug(from.member));
    if (member == nullptr) return name_page(p, view, request.login_hint);
    return password_page(p, view, *member, request.login_hint);
}

http::response first_page_of_account(const provider& p, const http::request& http,
                                     const sessions::browser& from) {
    const sign_in_transaction transaction{
        errand::account, {}, from.id.empty() ? p.random.token(16) : from.id, p.time.now()};
    const auto view = make_view(p, http, transaction, nullptr);
    const auto registry = p.registry.get();
    const auto* member =
        from.member.empty() ? nullptr : registry->find_active_member(member_slug(from.member));
    return member == nullptr ? name_page(p, view, {}) : password_page(p, view, *member, {});
}

http::response name_page(const provider& p, const sign_in_view& view, std::string user_name,
                         sign_in_message message) {
    return sign_in_form(p, view, nullptr, std::move(user_name), message);
}

http::response password_page(const provider& p, const sign_in_view& view,
                             const policies::member& member, std::string user_name,
                             sign_in_message message) {
    return sign_in_form(p, view, &member, std::move(user_name), message);
}

http::response member_list(const provider& p, const sign_in_view& view, std::string user_name,
                           std::string query) {
    const auto sealed = view.transaction.seal(*p.keys.get());
    const auto wanted = folded_name(query);
    web::member_list_page page;
    page.action = action;
    page.transaction = sealed;
    page.user_name = std::move(user_name);
    page.query = std::move(query);
    const auto registry = p.registry.get();
    for (const auto* member : registry->members_by_name()) {
        if (!member->active) continue;
        const bool shown = wanted.empty() ||
                           folded_name(member->name.de).find(wanted) != std::string::npos ||
                           folded_name(member->name_variant).find(wanted) != std::string::npos;
        if (!shown) continue;
        page.members.push_back(
            {member->slug.str(), name_of(*member, view.frame.lang), member->name_variant});
    }
    const auto frame = frame_with_language_switch(view, sealed, page.user_name, {});
    return answer(view, 200, web::render(frame, page));
}

}  // namespace kommpass::idp::login
