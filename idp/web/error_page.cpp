#include "idp/web/catalogue.hpp"
#include "idp/web/console_page.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/pages.hpp"
#include "idp/web/templates.hpp"

namespace kommpass::idp::web {
namespace {

constexpr std::size_t longest_detail = 300;

std::string_view word_for(error_page_reason reason) {
    using enum error_page_reason;
    switch (reason) {
        case unknown_client:
            return "unknown_client";
        case bad_redirect_uri:
            return "bad_redirect_uri";
        case bad_request:
            return "bad_request";
        case page_expired:
            return "page_expired";
        case not_found:
            return "not_found";
        case no_subscription:
            return "no_subscription";
        case no_role:
            return "no_role";
        case no_role_here:
            return "no_role_here";
        case weak_sign_in:
            return "weak_sign_in";
        case wrong_network:
            return "wrong_network";
        case directory_unavailable:
            return "directory_unavailable";
        case too_large:
            return "too_large";
        case method_not_allowed:
            return "method_not_allowed";
        case internal:
            return "internal";
        case wrong_browser:
            return "wrong_browser";
    }
    return "internal";
}

}  // namespace

std::string render(const frame& around, const error_page& page) {
    const auto& words = catalogue::of(around.lang);
    const auto key = "error." + std::string(word_for(page.reason));
    const auto& title = words.text(key + "_title");
    auto within = around;
    if (within.application_name.empty()) within.application_name = page.application_name;
    page_data data;
    data.set("explanation", words.text(key + "_text"));
    data.set("next_step", words.text(key + "_next"));
    put(data, "roles_lead",
        words.text(page.reason == error_page_reason::no_role_here ? "error.roles_here"
                                                                  : "error.roles"));
    std::vector<page_data> roles;
    for (const auto& name : page.roles) {
        page_data one;
        put(one, "role", name);
        roles.push_back(std::move(one));
    }
    put_list(data, "roles", std::move(roles));
    std::vector<page_data> contacts;
    for (const auto& [name, mail] : page.contacts) {
        page_data one;
        put(one, "contact", name);
        put(one, "mail", mail);
        contacts.push_back(std::move(one));
    }
    put_list(data, "contacts", std::move(contacts));
    put(data, "help_contact", page.help_contact);
    put(data, "request_uri", page.request_uri);
    put(data, "ask_uri", page.ask_uri);
    put(data, "action", page.action);
    put(data, "transaction", page.transaction);
    if (!page.detail.empty()) data.set("detail", page.detail.substr(0, longest_detail));
    return fill_titled("error", within, title, std::move(data));
}

}  // namespace kommpass::idp::web
