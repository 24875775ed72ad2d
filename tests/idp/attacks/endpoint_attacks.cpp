#include "tests/idp/attacks/endpoint_attacks.hpp"

#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/router.hpp"
#include "tests/idp/attacks/arguments.hpp"
#include "tests/idp/attacks/page_attacks.hpp"
#include "tests/support/administration.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::tests::attacks {
namespace {

std::string known(world& w, dice& d, const std::string& pool) { return w.any_known(pool, d); }

// As the one client whose secret the hostile member has, or as a public one.
answer as_client(world& w, dice& d, const std::string& path, fields form) {
    const auto client =
        d.of({"verfahren-web", "verfahren-web", "groupware-native", "fed-api", "kommpass-console"});
    form.emplace_back("client_id", client);
    return w.idp.call_as(client, path, std::move(form));
}

answer authorize(world& w, hostile_person& who, dice& d) {
    fields more{{"login_hint", d.one_in(2) ? known(w, d, "user") : "@" + known(w, d, "member")}};
    if (d.one_in(2)) more.emplace_back("prompt", d.of({"none", "login", "consent", "x"}));
    if (d.one_in(2)) more.emplace_back("id_token_hint", known(w, d, "token"));
    if (d.one_in(2)) more.emplace_back("max_age", d.of({"0", "-1", "x"}));
    if (d.one_in(3))
        more.emplace_back("redirect_uri",
                          d.of({"https://boese.example/", "https://verfahren.example/callback"}));
    std::swap(w.idp.cookies(), who.cookies);
    auto got = w.idp.authorize(known(w, d, "client"), more);
    std::swap(w.idp.cookies(), who.cookies);
    return got;
}

answer token(world& w, hostile_person&, dice& d) {
    const auto grant = d.of({"authorization_code", "refresh_token", "client_credentials",
                             "urn:ietf:params:oauth:grant-type:device_code",
                             "urn:ietf:params:oauth:grant-type:token-exchange", "x"});
    return as_client(w, d, "/token",
                     {{"grant_type", grant},
                      {"code", known(w, d, "token")},
                      {"device_code", known(w, d, "token")},
                      {"subject_token", known(w, d, "token")},
                      {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                      {"audience", known(w, d, "client")},
                      {"refresh_token", known(w, d, "token")},
                      {"redirect_uri", "https://verfahren.example/callback"},
                      {"code_verifier", test_idp::verifier},
                      {"scope", d.of({"openid", "fed:write", "openid email offline_access"})}});
}

// With a device code that nobody was given, or some token for one.
answer device_authorization(world& w, hostile_person&, dice& d) {
    return as_client(w, d, "/device-authorization",
                     {{"scope", d.of({"openid", "fed:write", "openid email offline_access", "\""})},
                      {"resource", d.of({"https://akten.example", "x", ""})}});
}

answer userinfo(world& w, hostile_person&, dice& d) { return w.idp.userinfo(known(w, d, "token")); }
answer introspect(world& w, hostile_person&, dice& d) {
    return as_client(w, d, "/introspect", {{"token", known(w, d, "token")}});
}
answer revoke(world& w, hostile_person&, dice& d) {
    return as_client(w, d, "/revoke", {{"token", known(w, d, "token")}});
}

// The metadata of a client that reaches further than its operator may.
std::string any_metadata(world& w, dice& d) {
    boost::json::object sent{
        {"redirect_uris", boost::json::array{d.of({"https://boese.example/", "http://127.0.0.1/",
                                                   "https://groupware-web.example/callback"})}}};
    if (d.one_in(2)) sent["scope"] = d.of({"openid", "openid fed:write", "openid profile"});
    if (d.one_in(2))
        sent["grant_types"] = boost::json::array{d.of({"client_credentials", "refresh_token"})};
    if (d.one_in(2)) sent["subject_type"] = "public";
    if (d.one_in(3)) sent["audiences"] = boost::json::array{known(w, d, "client")};
    if (d.one_in(3)) sent["state"] = "active";
    sent["client_id"] = known(w, d, "client");
    return boost::json::serialize(sent);
}

answer registering(world& w, dice& d, idp::http::method how, std::string path) {
    idp::http::request request;
    request.method = how;
    request.path = std::move(path);
    request.id = "angriff";
    request.headers = {{"authorization", "Bearer " + known(w, d, "token")},
                       {"content-type", "application/json"}};
    request.body = any_metadata(w, d);
    return w.idp.send(std::move(request));
}

answer register_client(world& w, hostile_person&, dice& d) {
    return registering(w, d, idp::http::method::post, "/register");
}

answer look_after_client(world& w, hostile_person&, dice& d) {
    using idp::http::method;
    constexpr method ways[] = {method::get, method::put, method::delete_};
    return registering(w, d, ways[d.below(3)], "/register/" + known(w, d, "client"));
}

// With a form of any names that the service knows anywhere.
answer post_anything(world& w, hostile_person& who, dice& d, const std::string& path) {
    fields form;
    for (const auto& name : w.known("field")) {
        if (d.one_in(2)) form.emplace_back(name, text_for(name, {}, w, d).value_or("x"));
    }
    for (const auto* name : {"member", "username", "password", "action", "code", "role", "id",
                             "person", "reason", "why", "document", "target", "id_token_hint",
                             "client_id", "post_logout_redirect_uri", "csrf", "transaction"}) {
        if (d.one_in(3)) continue;
        const std::string pool = std::string(name) == "action" ? "word" : "token";
        form.emplace_back(name, text_for(name, {}, w, d).value_or(known(w, d, pool)));
    }
    std::swap(w.idp.cookies(), who.cookies);
    auto got = d.one_in(3) ? w.idp.get(path, form) : w.idp.post(path, form);
    std::swap(w.idp.cookies(), who.cookies);
    return got;
}

// Links that are good once, which some answer gave away.
template <const char* Path>
answer one_time(world& w, hostile_person& who, dice& d) {
    const auto link = known(w, d, "link");
    const auto query = link.find('?');
    if (query == std::string::npos || d.one_in(4)) return post_anything(w, who, d, Path);
    auto page = w.browser(who.cookies).visit(Path + link.substr(query));
    for (const auto& form : forms_of(page.body())) {
        if (form.posts && form.action == Path)
            page = w.browser(who.cookies).submit(form, form.filled_in(nullptr));
    }
    return page;
}

constexpr char break_glass_path[] = "/break-glass";
constexpr char invitation_path[] = "/invitation";

struct known_attack {
    std::string_view path;  // as the router has it
    answer (*run)(world&, hostile_person&, dice&);
};
constexpr known_attack known_attacks[] = {
    {"/api/", attack_operation},
    {"/console/", attack_console_address},
    {"/console", attack_page},
    {"/account", attack_page},
    {"/account/password", attack_page},
    {"/account/role", attack_page},
    {"/authorize", authorize},
    {"/token", token},
    {"/userinfo", userinfo},
    {"/introspect", introspect},
    {"/revoke", revoke},
    {"/device-authorization", device_authorization},
    {"/register", register_client},
    {"/register/", look_after_client},
    {"/break-glass", one_time<break_glass_path>},
    {"/invitation", one_time<invitation_path>},
};

}  // namespace

answer attack_address(world& w, const std::string& path, hostile_person& who, dice& d) {
    for (const auto& one : known_attacks) {
        if (one.path == path) return one.run(w, who, d);
    }
    return post_anything(w, who, d, path);
}

std::vector<std::string> attacked_addresses(const idp::http::router& router) {
    std::vector<std::string> all;
    for (const auto& route : router.routes()) {
        if (!std::holds_alternative<idp::http::immediate_handler>(route.handle))
            all.push_back(route.path);
    }
    return all;
}

answer attack_operation(world& w, hostile_person& who, dice& d) {
    const auto all = idp::api::endpoints();
    return attack_operation(all[d.below(all.size())], w, who, d);
}

answer attack_operation(const idp::api::endpoint& one, world& w, hostile_person& who, dice& d) {
    const auto asked = arguments_for(one, w, d);
    fields headers;
    if (d.one_in(12))
        headers.emplace_back("if-match", "\"" + std::to_string(1 + d.below(20)) + "\"");
    if (d.one_in(12)) headers.emplace_back("idempotency-key", d.of({"a", "b"}));
    // Now and then with whatever token came their way.
    const auto token = d.one_in(12) ? known(w, d, "token") : who.api;
    auto got = api(w.idp, token, one.method, asked.path, asked.body, headers);
    if (got.status() == 401) {
        w.give_api_token(who);
        if (!who.api.empty())
            got = api(w.idp, who.api, one.method, asked.path, asked.body, headers);
    }
    tell(w, who,
         std::string(idp::http::to_string(one.method)) + " " + asked.path + " " +
             asked.body.substr(0, 400),
         got);
    return got;
}

void tell(world& w, const hostile_person& who, const std::string& what, const answer& got) {
    auto line = who.user + ": " + what + " -> " + std::to_string(got.status());
    if (got.status() >= 400 && got.body().starts_with('{')) line += " " + got.body();
    w.story.push_back(line.substr(0, 700));
    w.answers.push_back(got.body());
    w.learn_documents();
    boost::system::error_code no_json;
    const auto said = boost::json::parse(got.body(), no_json);
    if (!no_json) w.learn(said);
}

}  // namespace kommpass::tests::attacks
