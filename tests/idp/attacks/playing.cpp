// Signing in, as who one is or as somebody else.
#include "idp/http/method.hpp"
#include "tests/idp/attacks/world.hpp"

#include "idp/service/shared_parts.hpp"
#include "idp/store/sessions.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "tests/support/administration.hpp"

#include <algorithm>

namespace kommpass::tests::attacks {

using idp::http::method;

namespace {

// What an honest person types where a link may have filled in a name.
std::string own_name(const std::string& filled_in, const std::string& user, const std::string& own,
                     const std::string& full) {
    return filled_in == user || filled_in == full || filled_in == own + "\\" + user ? filled_in
                                                                                    : user;
}

}  // namespace

tokens_held world::sign_in(cookie_jar& cookies, const std::string& client, const std::string& user,
                           const std::string& password, const std::string& chosen,
                           const fields& more, bool careful) {
    std::swap(idp.cookies(), cookies);
    auto page = idp.authorize(client, more);
    std::swap(idp.cookies(), cookies);
    std::string full = user;
    for (const auto& one : honest_people) {
        if (one.user == user && one.member == chosen) full = user + "@" + one.domain;
    }
    const std::string picks = careless ? hostile_member : chosen;
    bool picked = !careless;
    for (int i = 0; i < 8 && page.redirected("code").empty(); ++i) {
        auto forms = forms_of(page.body());
        const auto at = std::find_if(forms.begin(), forms.end(), [](const page_form& one) {
            return std::any_of(one.inputs.begin(), one.inputs.end(),
                               [](const form_field& f) { return f.name == "transaction"; }) &&
                   one.button("language:") == nullptr;
        });
        if (at == forms.end()) break;
        auto& form = *at;
        for (auto& input : form.inputs) {
            if (input.name == "username")
                input.value = careful ? own_name(input.value, user, chosen, full) : user;
            if (input.type == "password")
                input.value = input.name == "password" ? password : password + "-neu";
        }
        const form_field* pressed = nullptr;
        if (!picked) pressed = form.button("members");
        for (const auto* start : {"allow", "later", "sign-in", "change-password"}) {
            if (pressed == nullptr) pressed = form.button(start);
        }
        if (pressed == nullptr) {
            pressed = form.button("choose:" + picks);
            picked = picked || pressed != nullptr;
        }
        if (pressed == nullptr) pressed = form.button("continue");
        if (pressed == nullptr) break;
        page = browser(cookies).submit(form, form.filled_in(pressed));
    }
    tokens_held got{client, {}, {}, {}};
    if (page.redirected("code").empty()) return got;
    const auto answered = idp.redeem(client, page);
    if (answered.status() != 200) return got;
    got.access = answered.text("access_token");
    got.refresh = answered.text("refresh_token");
    got.subject = test_idp::payload(answered.text("id_token")).at("sub").as_string().c_str();
    return got;
}

std::optional<played> world::play(hostile_person& who, const std::string& client,
                                  const std::string& user, const fields& more) {
    const auto got = sign_in(who.cookies, client, user, "Falsch-1", hostile_member, more, false);
    if (got.access.empty()) return std::nullopt;
    played made;
    made.client = client;
    const auto info = idp.userinfo(got.access);
    if (info.status() == 200) made.userinfo = info.json();
    const auto said = idp.introspect(client, got.access);
    if (said.status() == 200) made.introspected = said.json();
    made.id_token = {{"sub", got.subject}};
    const auto claims = test_idp::payload(got.access);
    const auto* sid = claims.if_contains("sid");
    (void)idp.parts().memory.read_now([&](idp::store::transaction& t) {
        if (sid == nullptr || !sid->is_string()) return;
        if (const auto found = t.sessions().find(std::string(sid->get_string())))
            made.person = found->person.str();
    });
    if (!made.person.empty()) {
        learn("person", made.person);
        learn("own person", made.person);
    }
    learn("token", got.access);
    if (!got.refresh.empty()) learn("token", got.refresh);
    return made;
}

std::optional<played> world::play_machine(const std::string& client) {
    const auto got = idp.call_as(client, "/token",
                                 {{"grant_type", "client_credentials"}, {"client_id", client}});
    if (got.status() != 200) return std::nullopt;
    const auto said = idp.introspect(client, got.text("access_token"));
    if (said.status() != 200) return std::nullopt;
    played made;
    made.client = client;
    made.person = "machine " + client;
    made.introspected = said.json();
    if (const auto* subject = made.introspected.if_contains("sub")) made.id_token["sub"] = *subject;
    return made;
}

void world::give_api_token(hostile_person& who) {
    cookie_jar new_browser;  // where they play somebody else meanwhile, this stays theirs
    const auto got = sign_in(new_browser, "fed-api", who.user, "Falsch-1", hostile_member,
                             {{"scope", "openid fed:read fed:write"}}, false);
    who.api = got.access;
}

const std::string& world::api_token_of(honest_person& who) {
    const auto alive = api(idp, who.api, method::get, "/me");
    if (alive.status() == 401) {
        const auto got = sign_in(who.cookies, "fed-api", who.user, who.password, who.member,
                                 {{"scope", "openid fed:read fed:write"}}, true);
        who.api = got.access;
    }
    return who.api;
}

}  // namespace kommpass::tests::attacks
