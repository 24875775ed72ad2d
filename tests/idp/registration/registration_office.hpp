#pragma once

#include "idp/http/request.hpp"
#include "idp/service/shared_parts.hpp"
#include "tests/support/administration.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace kommpass::tests {

// What `registered` sends where nothing else is given.
inline constexpr auto metadata = R"({"client_name":"Groupware mobil",
  "redirect_uris":["https://mobil.example/cb"],"scope":"openid email"})";

// The groupware is operated by Cottbus; "central" is the association's administrator.
struct office {
    test_idp idp;
    std::string central, operates;
    office() {
        idp.change_registry([](policies::registry& r) {
            add_administration(r);
            r.applications.at(application_key("groupware")).operated_by = member_slug("cottbus");
        });
        add_administrator(idp, "dikom", "central", {"zentraladmin"});
        add_administrator(idp, "cottbus", "operates", {"appbetrieb"});
        central = api_token(idp, "dikom", "central");
        operates = api_token(idp, "cottbus", "operates");
    }
    answer issue(const std::string& as, const std::string& application = "groupware") {
        return api(idp, as, idp::http::method::post,
                   "/applications/" + application + "/registration-token",
                   R"({"why":"fuer den Betreiber"})");
    }
    answer send(idp::http::method how, const std::string& path, const std::string& token,
                const std::string& body = {}) {
        idp::http::request request;
        request.method = how;
        request.path = path;
        request.id = "test";
        if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
        request.headers.emplace_back("content-type", "application/json");
        request.body = body;
        return idp.send(std::move(request));
    }
    answer register_with(const std::string& token, const std::string& body = metadata) {
        return send(idp::http::method::post, "/register", token, body);
    }
    // Registered by a fresh token.
    answer registered(const std::string& body = metadata) {
        return register_with(issue(central).text("token"), body);
    }
    answer approve(const std::string& as, const std::string& client) {
        const auto digest = shown_digest(idp, as, "applications/groupware/clients/" + client);
        return api(idp, as, idp::http::method::post,
                   "/applications/groupware/clients/" + client + "/approval",
                   R"({"why":"geprüft","digest":")" + digest + "\"}");
    }
    const policies::client* in_force(const std::string& id) {
        snapshot = idp.parts().registry.get();
        return snapshot->find_client(id).registered;
    }
    policies::snapshot_ptr snapshot;
};

// Of the registration itself (RFC 7592).
inline std::string path_of(const answer& registered) {
    const auto uri = registered.text("registration_client_uri");
    return uri.substr(std::min(uri.size(), std::string("https://idp.example").size()));
}

}  // namespace kommpass::tests
