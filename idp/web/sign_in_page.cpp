#include "idp/web/catalogue.hpp"
#include "idp/web/client_links.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/pages.hpp"
#include "idp/web/templates.hpp"

namespace kommpass::idp::web {
namespace {

std::string_view key_of(sign_in_problem problem) {
    using enum sign_in_problem;
    switch (problem) {
        case wrong_credentials:
            return "problem.wrong_credentials";
        case too_many_attempts:
            return "problem.too_many_attempts";
        case directory_unavailable:
            return "problem.directory_unavailable";
        case directory_overloaded:
            return "problem.directory_overloaded";
        case password_expired:
            return "problem.password_expired";
        case password_must_change:
            return "problem.password_must_change";
        case account_disabled:
            return "problem.account_disabled";
        case account_expired:
            return "problem.account_expired";
        case outside_hours:
            return "problem.outside_hours";
        case page_expired:
            return "problem.page_expired";
        case other_member:
            return "problem.other_member";
        case password_used_up:
            return "problem.password_used_up";
        case member_unknown:
            return "problem.member_unknown";
        case none:
            break;
    }
    return {};
}

std::string_view severity_of(sign_in_problem problem) {
    using enum sign_in_problem;
    switch (problem) {
        case page_expired:
            return "info";
        case other_member:
        case directory_unavailable:
        case directory_overloaded:
        case too_many_attempts:
            return "warning";
        default:
            return "danger";
    }
}

std::string wait_words(unsigned seconds, const catalogue& words) {
    if (seconds < 120) return std::to_string(seconds) + " " + words.text("problem.seconds");
    return std::to_string((seconds + 59) / 60) + " " + words.text("problem.minutes");
}

void put_problem(page_data& data, const sign_in_page& page, const catalogue& words) {
    if (page.problem == sign_in_problem::none) return;
    const std::string key(key_of(page.problem));
    auto text = words.text(key + "_text");
    if (page.problem == sign_in_problem::too_many_attempts)
        text += " " + wait_words(page.wait_seconds, words) + ".";
    data.set("problem", page_data::type::bool_true);
    data.set("severity", std::string(severity_of(page.problem)));
    data.set("problem_title", words.text(key + "_title"));
    data.set("problem_text", text);
    const bool directory_trouble = page.problem == sign_in_problem::directory_unavailable ||
                                   page.problem == sign_in_problem::directory_overloaded;
    const bool account_trouble = page.problem == sign_in_problem::account_disabled ||
                                 page.problem == sign_in_problem::account_expired ||
                                 page.problem == sign_in_problem::outside_hours ||
                                 page.problem == sign_in_problem::password_expired ||
                                 page.problem == sign_in_problem::password_used_up ||
                                 page.problem == sign_in_problem::password_must_change;
    if ((directory_trouble || account_trouble) && !page.member_help.empty()) {
        data.set("problem_help", words.text("problem.call") + " " + page.member_help);
    }
}

void put_flag(page_data& data, const char* name, bool truth) {
    if (truth) data.set(name, page_data::type::bool_true);
}

}  // namespace

std::string render(const frame& around, const sign_in_page& page) {
    const auto& words = catalogue::of(around.lang);
    page_data data;
    data.set("action", page.action);
    if (!page.transaction.empty()) data.set("transaction", page.transaction);
    if (!page.csrf.empty()) data.set("csrf", page.csrf);
    data.set("user_name", page.user_name);
    const bool known = !page.member_slug.empty();
    if (known) {
        data.set("member_slug", page.member_slug);
        data.set("member_name", page.member_name);
    }
    put_flag(data, "offer_members", page.offer_member_list && !page.reauthentication);
    put_flag(data, "offer_cancel", page.offer_cancel);
    put_flag(data, "fixed_name", page.reauthentication);
    put_flag(data, "focus_name", !known || page.user_name.empty());
    put_flag(data, "focus_password", known && !page.user_name.empty());
    put_problem(data, page, words);
    put_links(data, page.client);
    return fill("sign_in", around, "sign_in.title", std::move(data));
}

}  // namespace kommpass::idp::web
