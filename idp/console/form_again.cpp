#include "idp/console/form_again.hpp"

#include "idp/admin/operation_context.hpp"
#include "idp/http/decimal_number.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/jose/key_ring.hpp"

#include <algorithm>
#include <array>

namespace kommpass::idp::console {
namespace {

constexpr std::array<std::string_view, 3> never_carried{"csrf", "bind_password", "password"};
constexpr std::size_t most_details = 10;
constexpr auto why = "refused.why";
constexpr auto code = "refused.code";
constexpr auto field = "refused.field";
constexpr auto detail = "refused.detail";
constexpr auto instead = "refused.instead";  // of the form's page

bool is_reason(std::string_view name) { return name.starts_with("refused."); }

}  // namespace

sessions::carried_fields typed_in(const http::form& form) {
    auto typed = form.all();
    std::erase_if(typed, [](const auto& pair) {
        return pair.second.empty() || is_reason(pair.first) ||
               std::find(never_carried.begin(), never_carried.end(), pair.first) !=
                   never_carried.end();
    });
    return typed;
}

sessions::carried_fields with_reason(sessions::carried_fields typed, const refusal& no) {
    typed.emplace_back(why, std::to_string(static_cast<int>(no.why)));
    typed.emplace_back(code, no.code);
    if (!no.field.empty()) typed.emplace_back(field, no.field);
    for (std::size_t i = 0; i < std::min(no.details.size(), most_details); ++i)
        typed.emplace_back(detail, no.details[i]);
    return typed;
}

std::optional<http::response> to_page_again(const console_request& v) {
    if (!v.problem) return std::nullopt;
    const auto keys = v.at.keys.get();
    auto address = sessions::address_carrying(
        v.request.path, with_reason(typed_in(v.posted), *v.problem), *keys, v.csrf);
    if (!address) return std::nullopt;
    return http::see_other(*std::move(address));
}

std::optional<http::response> to_page_of_answer(const console_request& v) {
    const auto keys = v.at.keys.get();
    auto address = sessions::address_carrying(v.request.path, typed_in(v.posted), *keys, v.csrf);
    if (!address) return std::nullopt;
    return http::see_other(*std::move(address));
}

http::response to_refusal(const console_request& v, refusal no) {
    const auto keys = v.at.keys.get();
    const auto address_for = [&](const refusal& said) {
        auto carried = with_reason({}, said);
        carried.emplace_back(instead, "1");
        return sessions::address_carrying(v.request.path, carried, *keys, v.csrf);
    };
    auto address = address_for(no);
    if (!address) {
        no.details.clear();
        address = address_for(no);
    }
    return http::see_other(address.value_or("/console"));
}

void take_carried(console_request& v) {
    const auto keys = v.at.keys.get();
    auto carried = sessions::carried_by(v.request, *keys, v.csrf);
    if (!carried) return;
    refusal no = no_such_thing();
    no.code.clear();
    bool in_place = false;
    for (const auto& [name, value] : *carried) {
        const auto number = name == why ? http::decimal_number(value) : std::nullopt;
        if (number && *number <= static_cast<int>(refusal::reason::unavailable))
            no.why = static_cast<refusal::reason>(*number);
        if (name == code) no.code = value;
        if (name == field) no.field = value;
        if (name == detail) no.details.push_back(value);
        in_place |= name == instead;
    }
    std::erase_if(*carried, [](const auto& pair) { return is_reason(pair.first); });
    const auto encoded = http::with_query({}, *carried);
    auto typed = http::form::parse(encoded.empty() ? encoded : encoded.substr(1));
    if (typed) v.posted = std::move(*typed);
    if (!no.code.empty()) (in_place ? v.refused : v.problem) = std::move(no);
}

refusal signed_in_again() { return invalid({}, "signed_in_again"); }

}  // namespace kommpass::idp::console
