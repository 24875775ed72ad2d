#include "idp/web/device_page.hpp"

#include "idp/web/catalogue.hpp"
#include "idp/web/console_page.hpp"
#include "idp/web/templates.hpp"

namespace kommpass::idp::web {

std::string render(const frame& around, const device_code_page& page) {
    page_data data;
    put(data, "user_code", page.user_code);
    flag(data, "unknown", page.what == device_code_page::problem::unknown);
    flag(data, "too_many", page.what == device_code_page::problem::too_many);
    put(data, "person_name", page.person_name);
    return fill("device_code", around, "device.title", std::move(data));
}

std::string render(const frame& around, const device_question_page& page) {
    page_data data;
    put(data, "transaction", page.transaction);
    put(data, "csrf", page.csrf);
    put(data, "user_code", page.user_code);
    put(data, "application", page.application);
    put(data, "asked_from", page.asked_from);
    put(data, "asked_at", page.asked_at);
    put(data, "person_name", page.person_name);
    const auto& words = catalogue::of(around.lang);
    std::vector<page_data> scopes;
    for (const auto& scope : page.scopes) {
        const auto* text = words.find("consent." + scope);
        if (text == nullptr) continue;  // between the client and its resource servers
        page_data one;
        put(one, "scope_text", *text);
        scopes.push_back(std::move(one));
    }
    put_list(data, "scopes", std::move(scopes));
    return fill("device_question", around, "device.question_title", std::move(data));
}

std::string render(const frame& around, const device_done_page& page) {
    page_data data;
    flag(data, "allowed", page.allowed);
    return fill("device_done", around, "device.done_title", std::move(data));
}

}  // namespace kommpass::idp::web
