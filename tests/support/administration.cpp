#include "tests/support/administration.hpp"

#include "idp/admin/directory_review.hpp"
#include "idp/admin/operation_context.hpp"
#include "idp/admin/rights.hpp"
#include "idp/http/request.hpp"
#include "policies/documents.hpp"

#include <boost/asio/co_spawn.hpp>

#include <stdexcept>

namespace kommpass::tests {
namespace {

using namespace policies;

constexpr const char* fed_role_names[] = {"nutzer",           "helpdesk",       "mandantenadmin",
                                          "rollenverwaltung", "rollenfreigabe", "appbetrieb",
                                          "zentraladmin",     "pruefung"};

application fed() {
    application a;
    a.key = application_key("fed");
    a.name.de = "Verwaltung";
    for (const auto* one : fed_role_names) {
        role made{role_name("fed." + std::string(one)), {one, {}}, {}};
        if (made.name.view() == "fed.zentraladmin" || made.name.view() == "fed.pruefung")
            made.handed_out_by = role_giver::association;
        a.roles.push_back(made);
    }
    client console;
    console.id = client_id("kommpass-console");
    console.authentication = client_authentication::none;
    console.redirect_uris = {"https://idp.example/console/callback"};
    console.scopes = {"openid"};
    client automation;
    automation.id = client_id("fed-api");
    automation.authentication = client_authentication::none;
    automation.redirect_uris = {"http://127.0.0.1/callback"};
    automation.scopes = {"openid", "fed:read", "fed:write"};
    a.clients = {console, automation};
    return a;
}

std::string group_dn(const std::string& member, const std::string& role) {
    return "cn=GG_" + role + ",ou=groups,dc=" + member + ",dc=example";
}

}  // namespace

void add_administration(registry& all) {
    member association;
    association.slug = member_slug("dikom");
    association.name.de = "DIKOM";
    association.domains = {"dikom.example"};
    association.directory = all.members.begin()->second.directory;
    association.directory.person_base = "ou=people,dc=dikom,dc=example";
    association.directory.group_base = "ou=groups,dc=dikom,dc=example";
    association.association = true;
    all.members.emplace(association.slug, association);
    all.applications.emplace(application_key("fed"), fed());
    for (const auto* slug : {"cottbus", "dikom", "lebus"})
        all.subscriptions.push_back({member_slug(slug), application_key("fed")});
    policies::sort_bookings(all.subscriptions);
    for (const auto& [slug, one] : all.members) {
        for (const auto* name : fed_role_names) {
            mapping rule;
            rule.id = "fed-" + std::string(name) + "-" + slug.str();
            rule.member = slug;
            rule.group = group_dn(slug.str(), name);
            rule.roles = {role_name("fed." + std::string(name))};
            all.mappings.emplace(rule.id, rule);
        }
    }
    auto& groupware = all.applications.at(application_key("groupware"));
    for (auto& one : groupware.roles) {
        if (one.name.view() == "groupware.betrieb") one.sensitive = true;
    }
    constraint pair;
    pair.id = "akten";
    pair.first = "dms.lesen";
    pair.second = "meso.auskunft";
    all.constraints.emplace(pair.id, pair);
}

void add_administrator(test_idp& idp, const std::string& member, const std::string& user,
                       std::initializer_list<const char*> roles) {
    auto& who = idp.directories.add(member, user, "Verwaltung-1").who;
    who.display_name = user;
    who.groups.clear();
    for (const auto* role : roles) {
        who.groups.push_back({group_dn(member, role), "GG_" + std::string(role), {}});
    }
}

std::string api_token(test_idp& idp, const std::string& member, const std::string& user) {
    idp.forget_cookies();
    auto page = idp.authorize("fed-api", {{"scope", "openid fed:read fed:write"}});
    const auto redirect = idp.fill_in(page, user, "Verwaltung-1", member);
    const auto tokens = idp.redeem("fed-api", redirect);
    idp.forget_cookies();
    if (tokens.status() != 200) throw std::runtime_error("no token: " + tokens.body());
    return tokens.text("access_token");
}

answer api(test_idp& idp, const std::string& token, idp::http::method method,
           const std::string& path, const std::string& body, const fields& headers) {
    idp::http::request request;
    request.method = method;
    const auto question = path.find('?');
    request.path = "/api/v1" + path.substr(0, question);
    if (question != std::string::npos) request.query = path.substr(question + 1);
    request.headers = headers;
    request.headers.emplace_back("kommpass-purpose", "Vorgang der Tests");
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
    if (!body.empty()) {
        request.headers.emplace_back("content-type", "application/json");
        request.body = body;
    }
    return idp.send(std::move(request));
}

namespace {

std::string digest_where(const answer& got, const char* list, const char* key,
                         const std::string& is) {
    if (got.status() != 200) return {};
    const auto body = got.json();
    for (const auto& one : body.at(list).as_array()) {
        if (one.at(key).as_string() == is) return std::string(one.at("digest").as_string());
    }
    return {};
}

}  // namespace

std::string shown_digest(test_idp& idp, const std::string& token, const std::string& document) {
    const auto key = document.substr(document.find('/') + 1);
    const auto get = [&](const std::string& path) {
        return api(idp, token, idp::http::method::get, path);
    };
    if (document.starts_with("applications/")) {
        const auto clients = document.find("/clients/");
        return digest_where(get("/" + document.substr(0, clients)), "clients", "id",
                            document.substr(clients + std::string("/clients/").size()));
    }
    const auto own = document.starts_with("mappings/") ? get("/" + document).text("digest")
                     : document.starts_with("grants/")
                         ? digest_where(get("/grants"), "grants", "id", key)
                         : digest_where(get("/grants"), "exceptions", "id", key);
    return own.empty() ? digest_where(get("/agreements"), "agreements", "document", document) : own;
}

std::vector<idp::admin::waiting_letter> letters_waiting(test_idp& idp) {
    std::vector<idp::admin::waiting_letter> letters;
    idp::admin::operation_context at{idp.operations()};
    boost::asio::io_context io;
    const auto work = [&]() -> boost::asio::awaitable<void> {
        co_await idp::admin::review_directories(at);
        letters = co_await idp::admin::waiting_letters(at);
    };
    boost::asio::co_spawn(io, work, [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    io.run();
    return letters;
}

}  // namespace kommpass::tests
