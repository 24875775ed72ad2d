// Clients that register themselves: the modules of the dynamic and third-party plans that concern
// registration, and what somebody with one token could try.
#include "idp/admin/operation_context.hpp"
#include "idp/admin/overdue_registrations.hpp"
#include "idp/admin/waiting_work.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/store/audit_record.hpp"
#include "tests/idp/registration/registration_office.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

using namespace kommpass;
using namespace kommpass::tests;
using idp::http::method;

TEST_CASE("a client registers itself, waits for the association, and is in force then") {
    office scene;
    const auto made = scene.registered();
    REQUIRE(made.status() == 201);
    const auto body = made.json();
    const auto id = made.text("client_id");
    CHECK(made.text("client_secret").size() == 43);
    CHECK(body.at("client_secret_expires_at") == 0);
    CHECK(body.at("client_id_issued_at").is_int64());
    CHECK(body.at("scope") == "openid email");
    CHECK(body.at("id_token_signed_response_alg") == "RS256");
    CHECK(made.text("registration_client_uri") == "https://idp.example/register/" + id);
    CHECK(made.text("registration_access_token").size() == 43);

    CHECK(scene.in_force(id) == nullptr);
    CHECK(scene.approve(scene.operates, id).status() == 403);
    CHECK(scene.approve(scene.central, id).status() == 200);
    REQUIRE(scene.in_force(id) != nullptr);
    CHECK(scene.in_force(id)->require_pkce);
    CHECK(scene.in_force(id)->purpose == "Groupware mobil");
    CHECK(scene.in_force(id)->asked_by == "registration:groupware");
    CHECK(scene.idp.audited("client.secret_changed"));
}

TEST_CASE("an initial access token is the association's to make, and good once") {
    office scene;
    CHECK(scene.issue(scene.operates).status() == 403);
    CHECK(scene.issue(scene.central, "nirgends").status() == 404);
    const auto token = scene.issue(scene.central).text("token");
    // A mistake does not use it up.
    CHECK(scene.register_with(token, R"({"redirect_uris":["https://x.example/#f"]})").error() ==
          "invalid_redirect_uri");
    CHECK(scene
              .register_with(token, R"({"redirect_uris":["https://mobil.example/cb"],)"
                                    R"("backchannel_logout_uri":"http://mobil.example/"})")
              .error() == "invalid_client_metadata");
    CHECK(scene.register_with(token).status() == 201);
    const auto again = scene.register_with(token);
    CHECK(again.status() == 401);
    CHECK(again.error() == "invalid_token");
    CHECK(again.header("WWW-Authenticate").find("invalid_token") != std::string::npos);
    CHECK(scene.register_with("").status() == 401);
    CHECK(scene.register_with("geraten").status() == 401);
    CHECK(scene.register_with(scene.central).status() == 401);
    const auto later = scene.issue(scene.central).text("token");
    scene.idp.time.turn(std::chrono::days(15));
    CHECK(scene.register_with(later).status() == 401);
}

TEST_CASE("two requests with one token at the same moment make one client") {
    office scene;
    const auto token = scene.issue(scene.central).text("token");
    std::vector<idp::http::request> both;
    for (int i = 0; i < 2; ++i) {
        idp::http::request request;
        request.method = method::post;
        request.path = "/register";
        request.id = "test";
        request.headers = {{"authorization", "Bearer " + token},
                           {"content-type", "application/json"}};
        request.body = metadata;
        both.push_back(std::move(request));
    }
    int made = 0;
    for (const auto& one : scene.idp.send_together(std::move(both))) made += one.status() == 201;
    CHECK(made == 1);
}

TEST_CASE("oidcc-3rd_party-init-login: a client reads, changes and removes its registration") {
    office scene;
    const auto made = scene.registered();
    const auto path = path_of(made);
    const auto token = made.text("registration_access_token");
    const auto id = made.text("client_id");
    const auto shown = scene.send(method::get, path, token);
    CHECK(shown.status() == 200);
    CHECK(shown.text("client_id") == id);
    CHECK(shown.text("client_name") == "Groupware mobil");
    CHECK(shown.text("client_secret").empty());  // its hash is all that is kept

    const auto put = [&](const std::string& more) {
        return scene.send(
            method::put, path, token,
            R"({"redirect_uris":["https://mobil.example/neu"],"scope":"openid email",)"
            R"("client_name":"Groupware mobil")" +
                more + "}");
    };
    CHECK(put("").error() == "invalid_client_metadata");
    CHECK(put(R"(,"client_id":"groupware-web")").error() == "invalid_client_metadata");
    CHECK(put(R"(,"client_id":")" + id + R"(","client_secret":"falsch")").error() ==
          "invalid_client_metadata");
    const auto own =
        R"(,"client_id":")" + id + R"(","client_secret":")" + made.text("client_secret") + "\"";
    const auto changed = put(own);
    CHECK(changed.status() == 200);
    CHECK(changed.json().at("redirect_uris") == boost::json::value{"https://mobil.example/neu"});

    CHECK(scene.send(method::delete_, path, token).status() == 204);
    CHECK(scene.send(method::get, path, token).status() == 401);
    CHECK(scene.send(method::delete_, path, token).status() == 401);
}

TEST_CASE("one in force stays within what its operator may change") {
    office scene;
    const auto made = scene.registered();
    const auto id = made.text("client_id");
    REQUIRE(scene.approve(scene.central, id).status() == 200);
    const auto put = [&](const std::string& members) {
        return scene.send(
            method::put, path_of(made), made.text("registration_access_token"),
            R"({"client_id":")" + id + R"(","client_name":"Groupware mobil",)" + members + "}");
    };
    CHECK(put(R"("redirect_uris":["https://mobil.example/anders"],"scope":"openid email")")
              .status() == 200);
    CHECK(scene.in_force(id)->redirect_uris.front() == "https://mobil.example/anders");
    CHECK(put(R"("redirect_uris":["https://boese.example/"],"scope":"openid email")").error() ==
          "invalid_redirect_uri");
    CHECK(put(R"("redirect_uris":["https://mobil.example/cb"],"scope":"openid email phone")")
              .error() == "invalid_client_metadata");
    CHECK(scene.in_force(id)->scopes == std::vector<std::string>{"openid", "email"});
    CHECK(scene.in_force(id)->redirect_uris.front() == "https://mobil.example/anders");
    // The secret is what it was.
    CHECK(scene.in_force(id)->secret_sha256.size() == 1);
}

TEST_CASE("oidcc-3rd_party-init-login, -nohttps: the address is echoed, and is https") {
    office scene;
    const auto with = [](const std::string& uri) {
        return R"({"redirect_uris":["https://mobil.example/cb"],"initiate_login_uri":")" + uri +
               "\"}";
    };
    const auto made = scene.registered(with("https://mobil.example/anmelden"));
    REQUIRE(made.status() == 201);
    CHECK(made.text("initiate_login_uri") == "https://mobil.example/anmelden");
    const auto shown =
        scene.send(method::get, path_of(made), made.text("registration_access_token"));
    CHECK(shown.status() == 200);
    CHECK(shown.text("initiate_login_uri") == "https://mobil.example/anmelden");
    const auto refused = scene.registered(with("http://mobil.example/anmelden"));
    CHECK(refused.status() == 400);
    CHECK(refused.error() == "invalid_client_metadata");
}

TEST_CASE(
    "what a client signs with, and what its tokens are bound to, is registered and in force") {
    office scene;
    const auto made = scene.registered(
        R"({"redirect_uris":["https://mobil.example/cb"],)"
        R"("token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://mobil.example/jwks",)"
        R"("request_uris":["https://mobil.example/anfrage#1"],"request_object_signing_alg":"PS256",)"
        R"("authorization_signed_response_alg":"PS256","dpop_bound_access_tokens":true,)"
        R"("require_pushed_authorization_requests":true,"logo_uri":"https://mobil.example/logo.png",)"
        R"("frontchannel_logout_uri":"https://mobil.example/r"})");
    REQUIRE(made.status() == 201);
    const auto id = made.text("client_id");
    REQUIRE(scene.approve(scene.central, id).status() == 200);
    const auto& one = *scene.in_force(id);
    CHECK(one.jwks_uri == "https://mobil.example/jwks");
    CHECK(one.request_uris == std::vector<std::string>{"https://mobil.example/anfrage#1"});
    CHECK(one.request_object_alg == signing_algorithm::ps256);
    CHECK(one.authorization_response_alg == signing_algorithm::ps256);
    CHECK(one.dpop_bound_access_tokens);
    CHECK(one.require_pushed_authorization_requests);
    CHECK(one.frontchannel_logout_uri == "https://mobil.example/r");

    for (
        const auto* wrong :
        {R"("jwks_uri":"http://mobil.example/jwks","token_endpoint_auth_method":"private_key_jwt")",
         R"("jwks_uri":"https://mobil.example/jwks","jwks":{"keys":[{}]},"token_endpoint_auth_method":"private_key_jwt")",
         R"("logo_uri":"https://anderswo.example/logo.png")",
         R"("token_endpoint_auth_method":"tls_client_auth")",
         R"("tls_client_auth_san_dns":"mobil.example")"}) {
        CAPTURE(wrong);
        const auto refused = scene.registered(R"({"redirect_uris":["https://mobil.example/cb"],)" +
                                              std::string(wrong) + "}");
        CHECK(refused.status() == 400);
        CHECK(refused.error() == "invalid_client_metadata");
    }
}

TEST_CASE("keys are registered whichever way a client proves itself (RFC 7591, 2)") {
    office scene;
    for (const auto* keys : {R"("jwks":{"keys":[{"kty":"EC","crv":"P-256","kid":"1"}]})",
                             R"("jwks_uri":"https://mobil.example/jwks")"}) {
        for (const auto* proof : {"client_secret_basic", "client_secret_post", "none"}) {
            CAPTURE(keys);
            CAPTURE(proof);
            const auto made = scene.registered(
                R"({"redirect_uris":["https://mobil.example/cb"],"token_endpoint_auth_method":")" +
                std::string(proof) + "\"," + keys + "}");
            CHECK(made.status() == 201);
            const auto body = made.json();
            CHECK((body.contains("jwks") || body.contains("jwks_uri")));
        }
    }
}

TEST_CASE("what the association decided of a client outlives the client's own changes") {
    office scene;
    const auto made = scene.registered();
    const auto id = made.text("client_id");
    REQUIRE(scene.approve(scene.central, id).status() == 200);
    scene.idp.change_registry([&](policies::registry& all) {
        for (auto& one : all.applications.at(application_key("groupware")).clients) {
            if (one.id.view() != id) continue;
            one.access_token_lifetime = std::chrono::seconds(120);
            one.access_token_format = policies::access_token_format::opaque;
            one.response_modes = {"query", "fragment"};
        }
    });
    const auto changed =
        scene.send(method::put, path_of(made), made.text("registration_access_token"),
                   R"({"client_id":")" + id + R"(","client_name":"Groupware mobil",)" +
                       R"("redirect_uris":["https://mobil.example/neu"],"scope":"openid email"})");
    CHECK(changed.status() == 200);
    const auto& one = *scene.in_force(id);
    CHECK(one.redirect_uris.front() == "https://mobil.example/neu");
    CHECK(one.access_token_lifetime == std::chrono::seconds(120));
    CHECK(one.access_token_format == policies::access_token_format::opaque);
    CHECK(one.response_modes == std::vector<std::string>{"query", "fragment"});
}

TEST_CASE("a registration token opens its own client alone") {
    office scene;
    const auto one = scene.registered();
    const auto other = scene.registered();
    const auto token = one.text("registration_access_token");
    CHECK(token != other.text("registration_access_token"));
    CHECK(scene.send(method::get, path_of(other), token).status() == 401);
    CHECK(scene.send(method::delete_, "/register/groupware-web", token).status() == 401);
    CHECK(scene.send(method::get, "/register/", token).status() == 401);
    CHECK(scene.send(method::get, path_of(one), "").status() == 401);
    CHECK(scene.in_force("groupware-web") != nullptr);
}

TEST_CASE("the body is JSON and bounded, and a software statement is refused politely") {
    office scene;
    const auto token = scene.issue(scene.central).text("token");
    CHECK(scene.register_with(token, std::string(17 * 1024, ' ')).status() == 413);
    const auto statement = scene.register_with(
        token, R"({"redirect_uris":["https://mobil.example/cb"],"software_statement":"a.b.c"})");
    CHECK(statement.status() == 400);
    CHECK(statement.error() == "unapproved_software_statement");
    idp::http::request form;
    form.method = method::post;
    form.path = "/register";
    form.id = "test";
    form.headers = {{"authorization", "Bearer " + token},
                    {"content-type", "application/x-www-form-urlencoded"}};
    form.body = metadata;
    CHECK(scene.idp.send(std::move(form)).status() == 400);
    const auto document =
        boost::json::parse(*scene.idp.get("/.well-known/openid-configuration").raw->fixed_body);
    CHECK(document.at("registration_endpoint") == "https://idp.example/register");
}

TEST_CASE("what nobody approves in time is dropped, and nothing else") {
    office scene;
    const auto drop = [&] {
        idp::admin::operation_context at{scene.idp.operations()};
        boost::asio::io_context io;
        std::size_t went = 0;
        boost::asio::co_spawn(io, idp::admin::drop_overdue_registrations(at),
                              [&](std::exception_ptr bug, idp::admin::answer<std::size_t> dropped) {
                                  REQUIRE_FALSE(bug);
                                  REQUIRE(dropped.has_value());
                                  went = *dropped;
                              });
        io.run();
        return went;
    };
    const auto forgotten = scene.registered();
    const auto approved = scene.registered();
    const auto changed = scene.registered();
    REQUIRE(scene.approve(scene.central, approved.text("client_id")).status() == 200);
    scene.idp.change_registry([&](policies::registry& all) {
        auto& clients = all.applications.at(application_key("groupware")).clients;
        auto by_hand = clients.front();
        by_hand.id = client_id("von-hand");
        by_hand.state = policies::grant_state::requested;
        by_hand.asked_by = "P-operates";
        by_hand.asked_on = local_day_of(scene.idp.time.now());
        clients.push_back(by_hand);
    });
    const auto reads = [&](const answer& made) {
        return scene.send(method::get, path_of(made), made.text("registration_access_token"))
            .status();
    };
    scene.idp.time.turn(std::chrono::days(30));
    CHECK(drop() == 0);
    CHECK(scene
              .send(method::put, path_of(changed), changed.text("registration_access_token"),
                    R"({"client_id":")" + changed.text("client_id") +
                        R"(","redirect_uris":["https://mobil.example/neu"]})")
              .status() == 200);
    scene.idp.time.turn(std::chrono::days(1));
    CHECK(drop() == 1);
    CHECK(reads(forgotten) == 401);
    CHECK(reads(approved) == 200);
    CHECK(reads(changed) == 200);
    CHECK(drop() == 0);
    int told = 0;
    for (const auto& one : scene.idp.audit()) {
        if (one.record.result != "registration_dropped") continue;
        ++told;
        CHECK(one.record.client == client_id(forgotten.text("client_id")));
    }
    CHECK(told == 1);
    bool by_hand_waits = false;
    const auto now = scene.idp.parts().registry.get();
    for (const auto& one : now->documents().applications.at(application_key("groupware")).clients)
        by_hand_waits = by_hand_waits || one.id == client_id("von-hand");
    CHECK(by_hand_waits);
}

TEST_CASE("whoever is handed tokens without end fills no more than a share of the registry") {
    office scene;
    REQUIRE(scene.registered().status() == 201);
    scene.idp.change_registry([](policies::registry& all) {
        auto& clients = all.applications.at(application_key("groupware")).clients;
        const auto waiting = clients.back();
        for (std::size_t i = 1; i < idp::admin::most_waiting_of_administrator; ++i) {
            clients.push_back(waiting);
            clients.back().id = client_id("groupware.r1" + std::to_string(i));
        }
    });
    const auto token = scene.issue(scene.central).text("token");
    const auto refused = scene.register_with(token);
    CHECK(refused.status() == 400);
    CHECK(refused.error() == "invalid_client_metadata");
    // The token is still good when there is room.
    scene.idp.change_registry([](policies::registry& all) {
        all.applications.at(application_key("groupware")).clients.pop_back();
    });
    CHECK(scene.register_with(token).status() == 201);
}
