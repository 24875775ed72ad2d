// How clients and their people walk through the protocol: sign-in pages, codes, tokens.
#include "tests/support/test_idp.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/http/request.hpp"
#include "policies/snapshot.hpp"

namespace kommpass::tests {

using namespace idp;

answer test_idp::authorize(const std::string& client, const fields& more) {
    fields query{{"response_type", "code"},
                 {"client_id", client},
                 {"redirect_uri", redirect_uri_of(client)},
                 {"scope", "openid profile email offline_access"},
                 {"state", "state-1"},
                 {"nonce", "nonce-1"},
                 {"code_challenge", challenge},
                 {"code_challenge_method", "S256"}};
    for (const auto& given : more)
        std::erase_if(query, [&](const auto& pair) { return pair.first == given.first; });
    query.insert(query.end(), more.begin(), more.end());
    return get("/authorize", query);
}

answer test_idp::press(const answer& page, const std::string& action, const fields& more) {
    fields form{{"transaction", page.hidden("transaction")}, {"action", action}};
    form.insert(form.end(), more.begin(), more.end());
    return post("/sign-in", form);
}

answer test_idp::fill_in(const answer& page, const std::string& user, const std::string& password,
                         const std::string& member) {
    const fields name{{"username", user}};
    const auto wanted = registry_->get()->find_member(member_slug(member))->name.de;
    auto shown = page;
    const bool other = user.find('@') == std::string::npos && shown.town() != wanted;
    if (!shown.town().empty() && other) shown = press(shown, "members", name);
    if (shown.town().empty() && !shown.shows("choose:")) shown = press(shown, "continue", name);
    if (shown.town() != wanted && shown.shows("choose:"))
        shown = press(shown, "choose:" + member, name);
    if (shown.town().empty()) return shown;
    return press(shown, "sign-in", {{"username", user}, {"password", password}});
}

answer test_idp::sign_in(const std::string& client, const std::string& user,
                         const std::string& password, const fields& more) {
    auto page = authorize(client, more);
    if (page.hidden("transaction").empty()) return page;  // single sign-on, or a refusal
    return fill_in(page, user, password);
}

answer test_idp::redeem(const std::string& client, const answer& redirect, const fields& more) {
    return send(redemption_of(client, redirect, more));
}

http::request test_idp::redemption_of(const std::string& client, const answer& redirect,
                                      const fields& more) const {
    fields form{{"grant_type", "authorization_code"},
                {"code", redirect.redirected("code")},
                {"redirect_uri", redirect_uri_of(client)},
                {"code_verifier", verifier},
                {"client_id", client}};
    for (const auto& given : more)
        std::erase_if(form, [&](const auto& pair) { return pair.first == given.first; });
    form.insert(form.end(), more.begin(), more.end());
    return as_call_of(client, "/token", std::move(form));
}

answer test_idp::call_as(const std::string& client, const std::string& path, fields form) {
    return send(as_call_of(client, path, std::move(form)));
}

http::request test_idp::as_call_of(const std::string& client, const std::string& path,
                                   fields form) const {
    fields headers;
    for (auto& pair : authentication_of(client)) {
        (pair.first == "authorization" ? headers : form).push_back(std::move(pair));
    }
    return as_call(path, form, headers);
}

answer test_idp::refresh(const std::string& client, const std::string& refresh_token,
                         const fields& more) {
    return send(refresh_of(client, refresh_token, more));
}

http::request test_idp::refresh_of(const std::string& client, const std::string& refresh_token,
                                   const fields& more) const {
    fields form{
        {"grant_type", "refresh_token"}, {"refresh_token", refresh_token}, {"client_id", client}};
    form.insert(form.end(), more.begin(), more.end());
    return as_call_of(client, "/token", std::move(form));
}

answer test_idp::introspect(const std::string& client, const std::string& token) {
    return call_as(client, "/introspect", {{"token", token}, {"client_id", client}});
}

answer test_idp::userinfo(const std::string& access_token) {
    return call_get("/userinfo", {{"authorization", "Bearer " + access_token}});
}

answer test_idp::tokens(const std::string& client, const fields& more) {
    return redeem(client, sign_in(client, "anna.noack", "Spreewald-7", more));
}

std::string test_idp::redirect_uri_of(const std::string& client) const {
    const auto entry = registry_->get()->find_client(client);
    if (entry.registered == nullptr || entry.registered->redirect_uris.empty())
        return "https://unknown.example/";
    return entry.registered->redirect_uris.front();
}

fields test_idp::authentication_of(const std::string& client) const {
    using policies::client_authentication;
    const auto entry = registry_->get()->find_client(client);
    if (entry.registered == nullptr ||
        entry.registered->authentication == client_authentication::none)
        return {};
    if (entry.registered->authentication == client_authentication::client_secret_post) {
        return {{"client_secret", secret}};
    }
    // Standard base64 of bytes whose length is a multiple of three needs no padding; pad the id's
    // text otherwise.
    std::string plain = client + ":" + secret;
    auto text = base64url::encode(plain);
    for (auto& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (text.size() % 4 != 0) text.push_back('=');
    return {{"authorization", "Basic " + text}};
}

}  // namespace kommpass::tests
