#include "idp/web/catalogue.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/pages.hpp"
#include "idp/web/templates.hpp"

namespace kommpass::idp::web {
namespace {

std::string_view key_of(password_page::message what) {
    using enum password_page::message;
    switch (what) {
        case expired:
            return "password.expired";
        case must_change:
            return "password.must_change";
        case expires_soon:
            return "password.expires_soon";
        case own_wish:
            return "password.own_wish";
        case wrong_old:
            return "password.wrong_old";
        case differ:
            return "password.differ";
        case too_short:
            return "password.too_short";
        case quality:
            return "password.quality";
        case in_history:
            return "password.in_history";
        case too_young:
            return "password.too_young";
        case used_up:
            return "password.used_up";
        case not_allowed:
            return "password.not_allowed";
        case too_many_attempts:
            return "password.too_many_attempts";
        case unavailable:
            break;
    }
    return "password.unavailable";
}

std::string_view severity_of(password_page::message what) {
    using enum password_page::message;
    switch (what) {
        case own_wish:
            return "info";
        case expired:
        case must_change:
        case expires_soon:
        case too_many_attempts:
        case unavailable:
            return "warning";
        default:
            return "danger";
    }
}

std::string days_in_words(unsigned days, const catalogue& words) {
    if (days == 0) return words.text("password.today");
    if (days == 1) return words.text("password.tomorrow");
    return words.text("password.in") + " " + std::to_string(days) + " " +
           words.text("password.days");
}

// How often the old password still lets in, with what follows from it.
std::string sign_ins_in_words(unsigned left, const catalogue& words) {
    if (left == 0) return words.text("password.last_sign_in");
    if (left == 1) return words.text("password.one_more_sign_in");
    return words.text("password.more_sign_ins") + " " + std::to_string(left) + ".";
}

}  // namespace

std::string render(const frame& around, const password_page& page) {
    const auto& words = catalogue::of(around.lang);
    const std::string key(key_of(page.what));
    auto text = words.text(key + "_text");
    if (page.what == password_page::message::expires_soon)
        text = text + " " + days_in_words(page.days_left, words) + ".";
    page_data data;
    data.set("action", page.action);
    if (!page.transaction.empty()) data.set("transaction", page.transaction);
    if (!page.csrf.empty()) data.set("csrf", page.csrf);
    if (!page.member_name.empty()) data.set("member_name", page.member_name);
    data.set("user_name", page.user_name);
    data.set("severity", std::string(severity_of(page.what)));
    data.set("message_title", words.text(key + "_title"));
    data.set("message_text", text);
    if (page.sign_ins_left) data.set("grace", sign_ins_in_words(*page.sign_ins_left, words));
    if (!page.server_message.empty()) data.set("server_message", page.server_message);
    if (page.offer_later) data.set("offer_later", page_data::type::bool_true);
    if (page.offer_cancel) data.set("offer_cancel", page_data::type::bool_true);
    if (page.offer_back) data.set("offer_back", page_data::type::bool_true);
    return fill("password", around, "password.title", std::move(data));
}

std::string render(const frame& around, const password_changed_page&) {
    return fill("password_changed", around, "password_changed.title", page_data());
}

}  // namespace kommpass::idp::web
